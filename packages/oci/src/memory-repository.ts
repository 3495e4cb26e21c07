import { type CallOptions, defined, readBytes, streamOf } from '@notarykit/common/internal';
import { openSource, verifyStream } from './content.js';
import type { Descriptor } from './descriptor.js';
import { type Digest, isDigest } from './digest.js';
import { OciError } from './errors.js';
import { artifactTypeOf, parseManifest } from './manifest.js';
import { isManifestMediaType } from './media-types.js';
import { checkTag } from './reference.js';
import type {
  ContentDeleter,
  ContentLister,
  ContentSource,
  ReferrersOptions,
  Repository,
  TagLister,
  TagOptions,
} from './repository.js';

/** A repository in memory, for tests and as a scratch area. */
export type MemoryRepository = Repository & ContentDeleter & ContentLister & TagLister;

interface Stored {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  readonly subject?: Digest;
}

/**
 * A repository that keeps everything in memory.
 *
 * @example
 * ```ts
 * const repository = memoryRepository('registry.test/net-monitor');
 * ```
 */
export function memoryRepository(name: string): MemoryRepository {
  const content = new Map<string, Stored>();
  const tags = new Map<string, Digest>();
  const subjects = new Map<Digest, Set<Digest>>();
  const forget = (digest: Digest): void => {
    const subject = content.get(digest)?.subject;
    if (subject !== undefined) subjects.get(subject)?.delete(digest);
  };

  const find = (digest: string): Stored => {
    const stored = content.get(digest);
    if (stored === undefined) throw new OciError('ERR_OCI_NOT_FOUND', `${name} has no content ${digest}`);
    return stored;
  };

  return {
    name,
    tagGuarantee: 'compare-and-swap',
    async exists(descriptor) {
      return content.has(descriptor.digest);
    },
    async fetch(descriptor) {
      return streamOf(find(descriptor.digest).bytes);
    },
    async push(descriptor: Descriptor, source: ContentSource, options: CallOptions = {}) {
      const bytes = await readBytes(verifyStream(openSource(source), descriptor), {
        limit: descriptor.size,
        ...options,
      });
      const stored = store(descriptor, bytes);
      if (content.get(descriptor.digest)?.subject !== stored.subject) forget(descriptor.digest);
      content.set(descriptor.digest, stored);
      if (stored.subject !== undefined)
        subjects.set(stored.subject, (subjects.get(stored.subject) ?? new Set()).add(descriptor.digest));
    },
    async resolve(tagOrDigest) {
      const digest = isDigest(tagOrDigest) ? tagOrDigest : tags.get(tagOrDigest);
      if (digest === undefined) throw new OciError('ERR_OCI_NOT_FOUND', `${name} has no tag ${tagOrDigest}`);
      return find(digest).descriptor;
    },
    async tag(descriptor: Descriptor, tag: string, options: TagOptions = {}) {
      checkTag(tag);
      find(descriptor.digest);
      const current = tags.get(tag) ?? null;
      if (options.ifMatch !== undefined && options.ifMatch !== current) {
        throw new OciError(
          'ERR_OCI_CONFLICT',
          `tag ${tag} of ${name}: expected ${options.ifMatch ?? 'no tag'}, found ${current ?? 'no tag'}`,
        );
      }
      tags.set(tag, descriptor.digest);
    },
    async *referrers(subject: Descriptor, options: ReferrersOptions = {}) {
      for (const digest of subjects.get(subject.digest) ?? []) {
        const { descriptor } = find(digest);
        if (options.artifactType === undefined || options.artifactType === descriptor.artifactType) yield descriptor;
      }
    },
    async delete(descriptor) {
      find(descriptor.digest);
      forget(descriptor.digest);
      content.delete(descriptor.digest);
      for (const [tag, digest] of tags) if (digest === descriptor.digest) tags.delete(tag);
    },
    async untag(tag) {
      if (!tags.delete(tag)) throw new OciError('ERR_OCI_NOT_FOUND', `${name} has no tag ${tag}`);
    },
    async *contents() {
      for (const { descriptor } of content.values()) yield descriptor;
    },
    async *tags() {
      yield* [...tags.keys()].sort();
    },
  };
}

function store({ mediaType, digest, size }: Descriptor, bytes: Uint8Array): Stored {
  const descriptor = { mediaType, digest, size };
  if (!isManifestMediaType(mediaType)) return { descriptor, bytes };
  const manifest = parseManifest(bytes, mediaType, { twins: true });
  const artifactType = artifactTypeOf(manifest);
  return {
    descriptor: {
      ...descriptor,
      ...defined({ artifactType, annotations: manifest.annotations }),
    },
    bytes,
    ...(manifest.subject === undefined ? {} : { subject: manifest.subject.digest }),
  };
}
