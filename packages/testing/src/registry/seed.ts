import { type Digest, digestOf } from '@notarykit/oci/internal';
import { recordOf } from './store/manifest-facts.js';
import type { RegistryStore } from './store/registry-store.js';
import type { StoredRepository } from './store/repository.js';

/** Content that is put in as it is. */
export interface SeededContent {
  readonly blobs?: readonly Uint8Array[];
  readonly manifests?: readonly SeededManifest[];
}

/** A manifest that is put in as it is. */
export interface SeededManifest {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly tags?: readonly string[];
  /** Where the bytes are kept. Default: their sha256. Another digest makes a registry that lies. */
  readonly digest?: Digest;
}

/** Puts content into a repository past all checks. */
export async function seed(store: RegistryStore, name: string, content: SeededContent): Promise<void> {
  const repository = await store.open(name);
  await repository.exclusive(async () => {
    for (const bytes of content.blobs ?? []) await put(repository, digestOf(bytes), bytes);
    for (const manifest of content.manifests ?? []) await putManifest(repository, manifest);
  });
}

async function putManifest(repository: StoredRepository, manifest: SeededManifest): Promise<void> {
  const { bytes, mediaType, tags = [], digest = digestOf(bytes) } = manifest;
  await put(repository, digest, bytes);
  await repository.commit({ put: recordOf(digest, mediaType, bytes), tags: tags.map((tag) => [tag, digest]) });
}

async function put(repository: StoredRepository, digest: Digest, bytes: Uint8Array): Promise<void> {
  const staged = await repository.blobs.stage();
  await staged.append(bytes);
  await repository.blobs.commit(digest, staged);
}
