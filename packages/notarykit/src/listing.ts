import { findUnlisted, openGraph, type ReferrerEdge } from '@notarykit/artifact-graph/internal';
import type { CallOptions } from '@notarykit/common/internal';
import type { Repository } from '@notarykit/oci/internal';

/**
 * Pushes again what is there and not listed. Without a referrers API the list is a tag that writers take from each other, and a run
 * that died between a manifest and the update of its subject's list leaves a manifest that is not found. The result is what is not
 * listed even then.
 */
export async function listAgain(
  repository: Repository,
  edges: readonly ReferrerEdge[],
  call: CallOptions,
): Promise<readonly ReferrerEdge[]> {
  const view = openGraph(repository);
  const lost = await findUnlisted(view, edges, call);
  for (const { referrer } of lost) {
    const { bytes } = await view.manifest(referrer, { ...call, reading: 'tolerant' });
    await repository.push(referrer, bytes, call);
  }
  return lost.length === 0 ? lost : await findUnlisted(view, edges, call);
}

/** Edges in words. */
export function describeEdges(edges: readonly ReferrerEdge[]): string {
  return edges.map(({ subject, referrer }) => `${referrer.digest} of ${subject.digest}`).join(', ');
}
