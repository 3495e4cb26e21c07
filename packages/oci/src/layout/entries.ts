import type { Descriptor } from '../descriptor.js';
import type { Digest } from '../digest.js';
import type { LayoutGraph } from './graph.js';
import { plain } from './index-document.js';

type GraphOf = (entries: readonly Descriptor[]) => Promise<LayoutGraph>;

/**
 * The entries after a manifest was written: it stands among them unless another entry leads to it, and children of a new index need
 * no entry of their own any more. Referrers keep theirs: readers find them by no other way; so do entries that say more than type,
 * digest and size, such as a tag or what another tool wrote.
 */
export async function entriesAfterPush(
  entries: readonly Descriptor[],
  descriptor: Descriptor,
  graphOf: GraphOf,
): Promise<readonly Descriptor[] | undefined> {
  // An entry may have been there before its manifest: layouts may be sparse.
  if (entries.some(({ digest }) => digest === descriptor.digest)) return undefined;
  if ((await graphOf(entries)).has(descriptor.digest)) return undefined;
  const all = [...entries, descriptor];
  const graph = await graphOf(all);
  const children = new Set(graph.get(descriptor.digest)?.manifests.map(({ digest }) => digest));
  return all.filter(
    (entry) => !children.has(entry.digest) || saysMore(entry) || graph.get(entry.digest)?.subject !== undefined,
  );
}

function saysMore(entry: Descriptor): boolean {
  return Object.keys(entry).some((name) => !(name in plain(entry)) && name !== 'artifactType');
}

/** The entries after a manifest was deleted, with all its tags; children that only it led to are listed now. */
export async function entriesAfterDelete(
  entries: readonly Descriptor[],
  digest: Digest,
  graphOf: GraphOf,
): Promise<readonly Descriptor[] | undefined> {
  const rest = entries.filter((entry) => entry.digest !== digest);
  const before = await graphOf(entries);
  const after = await graphOf(rest);
  const orphans = (before.get(digest)?.manifests ?? []).filter(
    (child) => before.has(child.digest) && !after.has(child.digest),
  );
  if (rest.length === entries.length && orphans.length === 0) return undefined;
  return [...rest, ...orphans.map(plain)];
}
