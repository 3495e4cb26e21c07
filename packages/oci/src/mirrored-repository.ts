import { type CallOptions, streamOf } from '@notarykit/common/internal';
import { asVerified, fetchBytes, verifyStream } from './content.js';
import type { Descriptor } from './descriptor.js';
import { isDigest } from './digest.js';
import { OciError } from './errors.js';
import type { ReferrersOptions, Repository, TagLister } from './repository.js';

/** Options of {@link mirroredRepository}. */
export interface MirroredRepositoryOptions {
  /** Told of each mirror that failed in something; what it lacks is not a failure. */
  readonly onMirrorFailure?: (mirror: Repository, cause: unknown) => void;
}

/** Content up to so many bytes is read whole before it is given, so that what a mirror has wrong comes from the next place. */
const wholeBytes = 1024 * 1024;

/**
 * A repository that is read through its mirrors, under the origin's own name: trust policies are about that one. A digest is the same
 * content wherever it is, so content is taken from the first mirror that has it, in their order, and from the origin last. What tags
 * name is asked only of the origin, and so is whether anything refers to a subject: a mirror that lacks a signature, a newer scan or a
 * revocation hides nothing; what it lists beside the origin comes after. Nothing is written through it.
 *
 * Each mirror is a repository with its own endpoint, and so with its own account.
 *
 * @throws {OciError} `ERR_OCI_UNSUPPORTED` for every write
 *
 * @example
 * ```ts
 * const origin = createRegistry({ registry: 'registry.example.com' }).repository('net-monitor');
 * const mirror = createRegistry({ registry: 'mirror.internal' }).repository('registry.example.com/net-monitor');
 * await verify(mirroredRepository(origin, [mirror]), 'v1', trust);
 * ```
 */
export function mirroredRepository(
  origin: Repository & Partial<TagLister>,
  mirrors: readonly Repository[],
  options: MirroredRepositoryOptions = {},
): Repository & Partial<TagLister> {
  const fromMirrors = <T>(work: (mirror: Repository) => Promise<T | undefined>, call: CallOptions) =>
    firstOf(mirrors, work, call, options);
  const { tags } = origin;
  return {
    name: origin.name,
    ...sourceOf([origin, ...mirrors]),
    ...(tags === undefined ? {} : { tags: (call) => tags.call(origin, call) }),
    async exists(descriptor, call = {}) {
      const there = async (mirror: Repository) => (await mirror.exists(descriptor, call)) || undefined;
      return (await fromMirrors(there, call)) ?? (await origin.exists(descriptor, call));
    },
    fetch: async (descriptor, call = {}) =>
      (await fromMirrors((mirror) => open(mirror, descriptor, call), call)) ?? (await origin.fetch(descriptor, call)),
    async resolve(reference, call = {}) {
      const named = (mirror: Repository) => mirror.resolve(reference, call);
      const found = isDigest(reference) ? await fromMirrors(named, call) : undefined;
      return found ?? (await origin.resolve(reference, call));
    },
    referrers: (subject, call = {}) => referrersOf(origin, mirrors, subject, call, options),
    push: () => refuse(origin),
    tag: () => refuse(origin),
  };
}

/** Where any of them does not say what is behind it, nothing about the whole may be remembered. */
function sourceOf(places: readonly Repository[]): { readonly source?: string } {
  const sources = places.map(({ source }) => source);
  return sources.every((source) => source !== undefined) ? { source: sources.join(', mirrored by ') } : {};
}

async function firstOf<T>(
  mirrors: readonly Repository[],
  work: (mirror: Repository) => Promise<T | undefined>,
  { signal }: CallOptions,
  { onMirrorFailure }: MirroredRepositoryOptions,
): Promise<T | undefined> {
  for (const mirror of mirrors) {
    try {
      const found = await work(mirror);
      if (found !== undefined) return found;
    } catch (cause) {
      signal?.throwIfAborted();
      if (!(cause instanceof OciError) || cause.code !== 'ERR_OCI_NOT_FOUND') onMirrorFailure?.(mirror, cause);
    }
  }
  return undefined;
}

async function open(
  mirror: Repository,
  descriptor: Descriptor,
  call: CallOptions,
): Promise<ReadableStream<Uint8Array>> {
  if (descriptor.size > wholeBytes) return verifyStream(await mirror.fetch(descriptor, call), descriptor);
  return asVerified(streamOf(await fetchBytes(mirror, descriptor, call)), descriptor);
}

async function* referrersOf(
  origin: Repository,
  mirrors: readonly Repository[],
  subject: Descriptor,
  call: ReferrersOptions,
  { onMirrorFailure }: MirroredRepositoryOptions,
): AsyncGenerator<Descriptor, void, void> {
  const seen = new Set<string>();
  const isNew = ({ mediaType, digest, size }: Descriptor): boolean => {
    const key = `${mediaType} ${digest} ${size}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  };
  for await (const entry of origin.referrers(subject, call)) if (isNew(entry)) yield entry;
  for (const mirror of mirrors) {
    try {
      for await (const entry of mirror.referrers(subject, call)) if (isNew(entry)) yield entry;
    } catch (cause) {
      call.signal?.throwIfAborted();
      onMirrorFailure?.(mirror, cause);
    }
  }
}

async function refuse({ name }: Repository): Promise<never> {
  throw new OciError('ERR_OCI_UNSUPPORTED', `${name} is read through its mirrors here: write to the repository itself`);
}
