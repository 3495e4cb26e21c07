import { findUnlisted, type GraphView, openGraph, type ReferrerEdge } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined, mapConcurrent } from '@notarykit/common/internal';
import { artifactTypeOf, type Repository } from '@notarykit/oci/internal';
import type { GateDecision, GatePolicy, UsedEvidence } from '@notarykit/sbom-gate/internal/core';
import { NotaryKitError } from '../errors.js';
import { describeEdges, listAgain } from '../listing.js';
import type { PromotionFailure, PromotionPlan } from './promotion.js';

/** What travels besides the image: what the decision rests on, or all that is trusted if the policy says so. */
export function travelling({ evidence }: GateDecision, { output }: GatePolicy): readonly UsedEvidence[] {
  return output.promote?.evidence === 'all-trusted' ? [...evidence.used, ...evidence.unused] : evidence.used;
}

/**
 * What travels as a referrer, by the word of its own manifest. Evidence that lies in the index of an image, as BuildKit leaves it, is
 * the referrer of no manifest, and a signature that vouches for it may be the index's.
 */
export async function edgesOf(
  view: GraphView,
  { evidence, signatures }: Pick<PromotionPlan, 'evidence' | 'signatures'>,
  call: CallOptions,
): Promise<readonly ReferrerEdge[]> {
  const edges = await mapConcurrent([...evidence, ...signatures], 3, async (descriptor) => {
    const { manifest } = await view.manifest(descriptor, call);
    const artifactType = artifactTypeOf(manifest);
    const referrer = { ...descriptor, ...(artifactType && { artifactType }) };
    return manifest.subject === undefined ? [] : [{ subject: manifest.subject, referrer }];
  });
  return edges.flat();
}

/** Looks once more before signing; only for what has gone, never to add. */
export async function checkUnchanged(
  source: Repository,
  edges: readonly ReferrerEdge[],
  call: CallOptions,
): Promise<void> {
  const missing = await findUnlisted(openGraph(source), edges, call);
  if (missing.length > 0)
    refuse('PROMOTION_SET_CHANGED', missing, `${source.name} no longer lists what the decision rests on: decide again`);
}

/** A registry may accept a referrer and not list it; a client that pulls by tag would then find the graph incomplete. */
export async function ensureComplete(
  target: Repository,
  edges: readonly ReferrerEdge[],
  call: CallOptions,
): Promise<void> {
  const missing = await listAgain(target, edges, call);
  if (missing.length > 0)
    refuse('PROMOTION_INCOMPLETE', missing, `${target.name} does not list what was copied to it: run again`);
}

/** @throws {NotaryKitError} `ERR_NOTARYKIT_PROMOTE` */
export function refuse(
  reason: PromotionFailure['reason'],
  edges: readonly ReferrerEdge[],
  message: string,
  cause?: unknown,
): never {
  const missing = edges.map(({ subject, referrer }) => ({ subject: subject.digest, referrer: referrer.digest }));
  throw new NotaryKitError<PromotionFailure>(
    'ERR_NOTARYKIT_PROMOTE',
    `${message} (${describeEdges(edges)}); no tag was set`,
    { detail: { reason, missing, signatures: [] }, ...defined({ cause }) },
  );
}
