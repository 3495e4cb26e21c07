import { createLimiter, defined, type Limiter } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import type { BlobStore } from './blob-store.js';
import { type OpenTables, openTables, type TableChange, type Tables } from './tables.js';

/** One repository of the registry: content, and the tables that give it meaning. */
export interface StoredRepository extends Tables {
  readonly name: string;
  readonly blobs: BlobStore;
  /** One change at a time. */
  readonly exclusive: Limiter;
  /** Writes a change down, where there is a place for it, and then shows it. A change that cannot be written never shows. */
  commit(change: TableChange): Promise<void>;
}

/** A repository over a content store; `persist` writes down what the tables are about to be. */
export function storedRepository(
  name: string,
  blobs: BlobStore,
  tables: OpenTables = openTables(),
  persist: (change: TableChange) => Promise<void> = async () => undefined,
): StoredRepository {
  return {
    name,
    blobs,
    manifests: tables.manifests,
    tags: tables.tags,
    referrers: tables.referrers,
    tagsOf: tables.tagsOf,
    sortedTags: tables.sortedTags,
    isBlob: tables.isBlob,
    isChild: tables.isChild,
    exclusive: createLimiter(1),
    async commit(change) {
      await persist(change);
      tables.apply(change);
    },
  };
}

/**
 * Removes a manifest with its tags; its bytes go too, unless another manifest has them as a layer. If they cannot, the manifest is
 * there again: with its bytes left behind it would come back at the next start.
 */
export async function removeManifest(repository: StoredRepository, digest: Digest): Promise<void> {
  const record = repository.manifests.get(digest);
  const tags = repository.tagsOf(digest).map((tag) => [tag, digest] as const);
  await repository.commit({ remove: digest });
  if (repository.isBlob(digest)) return;
  try {
    await repository.blobs.delete(digest);
  } catch (error) {
    await repository.commit({ tags, ...defined({ put: record }) });
    throw error;
  }
}
