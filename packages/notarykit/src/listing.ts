import { openGraph } from '@notarykit/artifact-graph';
import type { CallOptions } from '@notarykit/common';
import type { Descriptor, Digest, Repository } from '@notarykit/oci';

/** A referrer that must be listed at its subject. */
export interface Edge {
  readonly subject: Descriptor;
  readonly referrer: Digest;
}

/** Edges that a repository does not list, as it answers now. */
export async function findUnlisted(
  repository: Repository,
  edges: readonly Edge[],
  call: CallOptions,
): Promise<readonly Edge[]> {
  const view = openGraph(repository);
  const listings = new Map<Digest, Set<Digest>>();
  for (const { subject } of edges) {
    if (listings.has(subject.digest)) continue;
    const listed = new Set<Digest>();
    for await (const { digest } of view.listReferrersNow(subject, call)) listed.add(digest);
    listings.set(subject.digest, listed);
  }
  return edges.filter(({ subject, referrer }) => !listings.get(subject.digest)?.has(referrer));
}

/**
 * Pushes again what is there and not listed. Without a referrers API the list is a tag that writers take from each other, and a run
 * that died between a manifest and the update of its subject's list leaves a manifest that nobody finds.
 */
export async function listAgain(repository: Repository, edges: readonly Edge[], call: CallOptions): Promise<void> {
  const view = openGraph(repository);
  for (const { referrer } of await findUnlisted(repository, edges, call)) {
    const { descriptor } = await view.resolve(referrer, call);
    const { bytes } = await view.manifest(descriptor, { ...call, reading: 'tolerant' });
    await repository.push(descriptor, bytes, call);
  }
}

/** Edges in words. */
export function describeEdges(edges: readonly Edge[]): string {
  return edges.map(({ subject, referrer }) => `${referrer} of ${subject.digest}`).join(', ');
}
