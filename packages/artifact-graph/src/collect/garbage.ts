import { type Descriptor, type Digest, parseDigest } from '@notarykit/oci/internal';
import { successors } from '../view/successors.js';
import type { CollectOptions, Garbage } from './options.js';
import type { Store } from './store.js';

/** What a store need not hold, parents first. */
export function findGarbage(store: Store, options: CollectOptions): readonly Garbage[] {
  const kept = keep(store, options);
  const garbage = [...store.contents.values()].filter(({ digest }) => !kept.has(digest));
  const parentsFirst = byHeight(store, garbage);
  return parentsFirst.map((descriptor) => ({ descriptor, reason: reasonOf(store, kept, descriptor) }));
}

function reasonOf(
  { manifests, contents }: Store,
  kept: ReadonlySet<Digest>,
  { digest }: Descriptor,
): Garbage['reason'] {
  const manifest = manifests.get(digest);
  if (manifest === undefined) return 'unreachable';
  const { subject } = manifest;
  if (subject === undefined) return 'untagged';
  return contents.has(subject.digest) && kept.has(subject.digest) ? 'untagged' : 'orphaned-referrer';
}

/** Everything that tags lead to, then the referrers of it, until nothing is added. */
function keep(store: Store, options: CollectOptions): ReadonlySet<Digest> {
  const kept = new Set<Digest>();
  for (const digest of store.tagged) reach(store, digest, kept);
  for (const [digest, { subject }] of store.manifests) {
    const orphan = subject !== undefined && !store.contents.has(subject.digest);
    if ((options.keepUntagged === true && subject === undefined) || (options.keepOrphans === true && orphan))
      reach(store, digest, kept);
  }
  for (let before = -1; before !== kept.size; ) {
    before = kept.size;
    for (const [digest, { subject }] of store.manifests)
      if (subject !== undefined && kept.has(subject.digest) && store.contents.has(subject.digest))
        reach(store, digest, kept);
  }
  return kept;
}

/** A subject is kept by its referrer only if the referrer is tagged itself: then it may still be looked up. */
function reach(store: Store, root: Digest, kept: Set<Digest>): void {
  const queue = [root];
  for (let digest = queue.pop(); digest !== undefined; digest = queue.pop()) {
    if (kept.has(digest)) continue;
    kept.add(digest);
    const manifest = store.manifests.get(digest);
    if (manifest !== undefined) queue.push(...successors(manifest).map(({ descriptor }) => descriptor.digest));
  }
}

/** Parents before what they name: a manifest goes before its blobs, a referrer before its subject. */
function byHeight({ manifests }: Store, garbage: readonly Descriptor[]): readonly Descriptor[] {
  const heights = new Map<Digest, number>();
  const height = (digest: Digest): number => {
    const known = heights.get(digest);
    if (known !== undefined) return known;
    heights.set(digest, 0);
    const manifest = manifests.get(digest);
    const below = manifest === undefined ? [] : successors(manifest).map(({ descriptor }) => height(descriptor.digest));
    const own = manifest === undefined ? 0 : 1 + Math.max(0, ...below);
    heights.set(digest, own);
    return own;
  };
  return [...garbage].sort((a, b) => height(b.digest) - height(a.digest) || compare(a.digest, b.digest));
}

function compare(a: Digest, b: Digest): number {
  return parseDigest(a).hex < parseDigest(b).hex ? -1 : 1;
}
