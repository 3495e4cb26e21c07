import { createLimiter, type Limiter } from '@notarykit/common';
import { type Digest, isDigest } from '@notarykit/oci';
import type { BlobStore } from './blob-store.js';
import type { ManifestRecord } from './manifest-facts.js';

/** One repository of the registry: content, and the two tables that give it meaning. */
export interface StoredRepository {
  readonly name: string;
  readonly blobs: BlobStore;
  /** In the order of their push. */
  readonly manifests: Map<Digest, ManifestRecord>;
  readonly tags: Map<string, Digest>;
  /** One change at a time. */
  readonly exclusive: Limiter;
  /** Writes the tables down, where there is a place for them. */
  save(): Promise<void>;
}

/** A repository over a content store. */
export function storedRepository(
  name: string,
  blobs: BlobStore,
  save: (repository: StoredRepository) => Promise<void> = async () => undefined,
): StoredRepository {
  const repository: StoredRepository = {
    name,
    blobs,
    manifests: new Map(),
    tags: new Map(),
    exclusive: createLimiter(1),
    save: () => save(repository),
  };
  return repository;
}

/** The manifest that a tag or digest names. */
export function findManifest(repository: StoredRepository, reference: string): ManifestRecord | undefined {
  const digest = isDigest(reference) ? reference : repository.tags.get(reference);
  return digest === undefined ? undefined : repository.manifests.get(digest);
}

/** Removes a manifest with its tags; its bytes go too, unless another manifest has them as a layer. */
export async function removeManifest(repository: StoredRepository, digest: Digest): Promise<void> {
  repository.manifests.delete(digest);
  for (const [tag, target] of repository.tags) if (target === digest) repository.tags.delete(tag);
  const used = [...repository.manifests.values()].some((record) => record.blobs.includes(digest));
  await repository.save();
  if (!used) await repository.blobs.delete(digest);
}

/** The manifests whose subject is this digest, in the order of their push. */
export function referrersOf(repository: StoredRepository, subject: string): ManifestRecord[] {
  return [...repository.manifests.values()].filter((record) => record.subject === subject);
}
