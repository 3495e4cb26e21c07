import { type CallOptions, singleFlight, utf8 } from '@notarykit/common';
import {
  type Descriptor,
  type Digest,
  describe,
  isNotFound,
  mediaTypes,
  parseManifest,
  referrersTag,
} from '@notarykit/oci';
import { RegistryError } from '../errors.js';
import { type RepositoryContext, statusOf } from './context.js';
import { deleteManifest, getManifest, putManifest } from './manifests.js';

/** The index that the referrers tag of a subject names. */
export interface ReferrersIndex {
  readonly manifests: readonly Descriptor[];
  readonly digest: Digest | undefined;
  readonly etag: string | undefined;
  /** The tag names something that is no index: it gives no referrers and is never overwritten. */
  readonly foreign: boolean;
}

/** Reads the referrers tag of a subject (distribution-spec, "Referrers Tag Schema"). */
export async function readReferrersTag(
  context: RepositoryContext,
  subject: Digest,
  options: CallOptions,
): Promise<ReferrersIndex> {
  const tag = referrersTag(subject);
  try {
    const { bytes, descriptor, etag } = await getManifest(context, tag, options);
    const { mediaType, digest } = descriptor;
    if (mediaType !== mediaTypes.imageIndex && mediaType !== mediaTypes.dockerManifestList) {
      context.logger?.warn?.('the referrers tag names no index', { repository: context.repository, tag, mediaType });
      return { manifests: [], digest, etag, foreign: true };
    }
    const manifest = parseManifest(bytes, mediaType);
    return { manifests: manifest.kind === 'index' ? manifest.manifests : [], digest, etag, foreign: false };
  } catch (error) {
    if (isNotFound(error)) return { manifests: [], digest: undefined, etag: undefined, foreign: false };
    throw error;
  }
}

/** A change to the list of one subject. */
type Change = { readonly add: Descriptor } | { readonly remove: Digest };

const maxTries = 5;
const pending = new WeakMap<object, Map<string, Change[]>>();
const flights = new WeakMap<object, ReturnType<typeof singleFlight<void>>>();

/** Adds a referrer to the list of its subject; changes of this process that wait for the same list are written together. */
export async function addReferrer(
  context: RepositoryContext,
  subject: Digest,
  referrer: Descriptor,
  options: CallOptions,
): Promise<void> {
  await change(context, subject, { add: referrer }, options);
}

/** Removes a referrer from the list of its subject. */
export async function removeReferrer(
  context: RepositoryContext,
  subject: Digest,
  referrer: Digest,
  options: CallOptions,
): Promise<void> {
  await change(context, subject, { remove: referrer }, options);
}

async function change(context: RepositoryContext, subject: Digest, entry: Change, options: CallOptions): Promise<void> {
  const queues = pending.get(context) ?? new Map<string, Change[]>();
  pending.set(context, queues);
  const flight = flights.get(context) ?? singleFlight<void>();
  flights.set(context, flight);
  queues.set(subject, [...(queues.get(subject) ?? []), entry]);
  // Whoever finds the list free takes all that waits; the others look again after that write.
  while (queues.get(subject)?.includes(entry)) {
    const work = async (signal: AbortSignal): Promise<void> => {
      const changes = queues.get(subject) ?? [];
      queues.delete(subject);
      try {
        await write(context, subject, changes, { signal });
      } catch (error) {
        for (const failed of changes) failures.set(failed, error);
      }
    };
    await flight(subject, work, options);
  }
  if (failures.has(entry)) throw failures.get(entry);
}

const failures = new WeakMap<Change, unknown>();

async function write(
  context: RepositoryContext,
  subject: Digest,
  changes: readonly Change[],
  options: CallOptions,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const current = await readReferrersTag(context, subject, options);
    if (current.foreign) throw foreign(context, subject);
    const merged = apply(current.manifests, changes);
    if (merged === undefined) return;
    try {
      await put(context, subject, current, merged, options);
    } catch (error) {
      if (statusOf(error) !== 412 && statusOf(error) !== 409) throw error;
    }
    // Few registries honour If-Match: what counts is what is there afterwards.
    const after = await readReferrersTag(context, subject, options);
    if (apply(after.manifests, changes) === undefined) return;
    if (attempt >= maxTries) throw lostUpdate(context, subject, changes);
    await context.retryPause(attempt, options.signal);
  }
}

/** The list after the changes, `undefined` when they are in it already. */
function apply(manifests: readonly Descriptor[], changes: readonly Change[]): readonly Descriptor[] | undefined {
  let list = manifests;
  for (const entry of changes) {
    const digest = 'add' in entry ? entry.add.digest : entry.remove;
    const there = list.some((descriptor) => descriptor.digest === digest);
    if ('add' in entry && !there) list = [...list, entry.add];
    if ('remove' in entry && there) list = list.filter((descriptor) => descriptor.digest !== digest);
  }
  return list === manifests ? undefined : list;
}

async function put(
  context: RepositoryContext,
  subject: Digest,
  current: ReferrersIndex,
  manifests: readonly Descriptor[],
  options: CallOptions,
): Promise<void> {
  const tag = referrersTag(subject);
  if (manifests.length === 0 && current.digest !== undefined) {
    try {
      await deleteManifest(context, tag, options);
      return;
    } catch (error) {
      // Registries that cannot delete a tag keep an empty list.
      if (![400, 404, 405, 501].includes(statusOf(error) ?? 0)) throw error;
    }
  }
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
  const condition =
    current.etag !== undefined
      ? { ifMatch: current.etag }
      : current.digest === undefined && context.state.etagsSeen
        ? { ifNoneMatch: '*' as const }
        : {};
  await putManifest(context, describe(mediaTypes.imageIndex, bytes), bytes, tag, { ...options, ...condition });
}

function foreign(context: RepositoryContext, subject: Digest): RegistryError {
  return new RegistryError(
    'ERR_REGISTRY_CONFLICT',
    `${context.registry}/${context.repository}: the tag ${referrersTag(subject)} names something other than a list of referrers; it is left as it is`,
    { detail: { registry: context.registry, retryable: false } },
  );
}

function lostUpdate(context: RepositoryContext, subject: Digest, changes: readonly Change[]): RegistryError {
  const [first] = changes;
  return new RegistryError(
    'ERR_REGISTRY_LOST_UPDATE',
    `${context.registry}/${context.repository}: the list of referrers of ${subject} was overwritten by others ${maxTries + 1} times; the manifest is there, its entry is not: try again`,
    {
      detail: {
        registry: context.registry,
        retryable: true,
        ...(first !== undefined && 'add' in first ? { descriptor: first.add } : {}),
      },
    },
  );
}
