import type { CallOptions } from '@notarykit/common/internal';
import {
  type ContentDeleter,
  type ContentSource,
  canonicalRepository,
  checkTag,
  type Descriptor,
  isManifestMediaType,
  type Mounter,
  type RangeReader,
  type Repository,
  type TagLister,
} from '@notarykit/oci/internal';
import { blobExists, deleteBlob, fetchBlob, fetchBlobRange } from './endpoints/blobs.js';
import type { RepositoryContext } from './endpoints/context.js';
import { deleteManifest, fetchManifestBytes, fetchReference, manifestExists, putTag } from './endpoints/manifests.js';
import { listUnder, pushManifest, removeManifest } from './endpoints/push-manifest.js';
import { listReferrers } from './endpoints/referrers.js';
import { putTagsTogether } from './endpoints/tag-together.js';
import { listTags, type TagsOptions } from './endpoints/tags.js';
import { mountBlob, pushBlob, pushStream, type RegistryPushOptions } from './upload/push.js';

/** Options of {@link RegistryRepository.pushStream}. */
export interface PushStreamOptions extends CallOptions {
  /** Media type of the descriptor that comes back. Default `application/octet-stream`. */
  readonly mediaType?: string;
}

/** A manifest together with what names it. */
export interface NamedManifest {
  readonly descriptor: Descriptor;
  /** The bytes that were hashed. */
  readonly bytes: Uint8Array;
}

/** One repository of a registry: every port of `@notarykit/oci`, and what only a registry can do. */
export interface RegistryRepository extends Repository, Mounter, ContentDeleter, TagLister, RangeReader {
  /** The endpoint that it belongs to: two repositories may share a registry and still be of two accounts. */
  readonly endpoint: object;
  /** Pushes content; a blob can be sent in chunks and go on where an earlier push ended. */
  push(descriptor: Descriptor, content: ContentSource, options?: RegistryPushOptions): Promise<void>;
  /** Pushes a blob whose digest and size are known only when its stream ends. */
  pushStream(stream: ReadableStream<Uint8Array>, options?: PushStreamOptions): Promise<Descriptor>;
  /**
   * The manifest that a tag or digest names now, resolved and read in one request.
   *
   * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_DIGEST_MISMATCH`
   */
  fetchReference(tagOrDigest: string, options?: CallOptions): Promise<NamedManifest>;
  tags(options?: TagsOptions): AsyncIterable<string>;
}

/** @internal Creates the repository of a context. */
export function createRepository(context: RepositoryContext, endpoint: object): RegistryRepository {
  const path = (descriptor: Descriptor): boolean => isManifestMediaType(descriptor.mediaType);
  return {
    name: canonicalRepository(`${context.registry}/${context.repository}`),
    source: context.source,
    endpoint,
    exists: (descriptor, options = {}) =>
      path(descriptor) ? manifestExists(context, descriptor.digest, options) : blobExists(context, descriptor, options),
    async fetch(descriptor, options = {}) {
      if (!path(descriptor)) return await fetchBlob(context, descriptor, options);
      return oneChunk(await fetchManifestBytes(context, descriptor, options));
    },
    fetchRange: (descriptor, offset, length, options = {}) =>
      fetchBlobRange(context, descriptor, offset, length, options),
    push: (descriptor, content, options = {}) =>
      path(descriptor)
        ? pushManifest(context, descriptor, content, options)
        : pushBlob(context, descriptor, content, options),
    pushStream: (stream, options = {}) => pushStream(context, stream, options),
    resolve: async (reference, options = {}) => (await fetchReference(context, reference, options)).descriptor,
    fetchReference: (reference, options = {}) => fetchReference(context, reference, options),
    tag: (descriptor, tag, options = {}) => putTag(context, descriptor, tag, options),
    tagTogether: (descriptor, tags, options = {}) => putTagsTogether(context, descriptor, tags, options),
    tags: (options = {}) => listTags(context, options),
    referrers: (subject, options = {}) => listReferrers(context, subject, options),
    listReferrers: (subject, referrers, options = {}) => listUnder(context, subject, referrers, options),
    delete: (descriptor, options = {}) =>
      path(descriptor) ? removeManifest(context, descriptor, options) : deleteBlob(context, descriptor, options),
    async untag(tag, options = {}) {
      checkTag(tag);
      await deleteManifest(context, tag, options);
    },
    async mount(descriptor, from, options = {}) {
      // Only the same endpoint has the same rights: anything else is copied (oci.md 1.5).
      const source = (from as Partial<RegistryRepository>).endpoint === endpoint ? from.name : undefined;
      if (source === undefined || path(descriptor)) return false;
      return await mountBlob(context, descriptor, source.slice(source.indexOf('/') + 1), options);
    },
  };
}

function oneChunk(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}
