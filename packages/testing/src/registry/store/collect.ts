import type { Digest } from '@notarykit/oci/internal';
import { removeManifest, type StoredRepository } from './repository.js';

/** What a collection removed. */
export interface Collected {
  readonly manifests: number;
  readonly blobs: number;
}

/** Removes blobs that no manifest names; before that, with `untagged`, the manifests that no tag leads to. */
export function collectRepository(repository: StoredRepository, untagged: boolean): Promise<Collected> {
  return repository.exclusive(async () => {
    const kept = untagged ? reachable(repository) : new Set(repository.manifests.keys());
    const lost = [...repository.manifests.keys()].filter((digest) => !kept.has(digest));
    for (const digest of lost) await removeManifest(repository, digest);
    return { manifests: lost.length, blobs: await removeUnnamed(repository) };
  });
}

/** What tags name, the manifests of indexes below, and what refers to any of them. */
function reachable({ manifests, tags, referrers }: StoredRepository): ReadonlySet<Digest> {
  const kept = new Set<Digest>();
  const open = [...tags.values()];
  for (let digest = open.pop(); digest !== undefined; digest = open.pop()) {
    if (kept.has(digest)) continue;
    kept.add(digest);
    open.push(...(manifests.get(digest)?.manifests ?? []).map((child) => child.digest));
    open.push(...referrers(digest).map((record) => record.digest));
  }
  return kept;
}

async function removeUnnamed({ blobs, manifests }: StoredRepository): Promise<number> {
  const named = new Set([...manifests.values()].flatMap((record) => [record.digest, ...record.blobs]));
  let removed = 0;
  for (const digest of await blobs.list()) {
    if (named.has(digest)) continue;
    await blobs.delete(digest);
    removed += 1;
  }
  return removed;
}
