import type { CallOptions } from '@notarykit/common';
import type { Descriptor, Digest, Repository } from '@notarykit/oci';
import type { GateDecision, GatePolicy, UsedEvidence } from '@notarykit/sbom-gate';
import { NotaryKitError } from '../errors.js';
import { describeEdges, type Edge, findUnlisted } from '../listing.js';

/** Facts of `ERR_NOTARYKIT_PROMOTE`. */
export interface PromotionFailure {
  /**
   * `PROMOTION_SIGNER`: the policy names another signer for what is promoted than the one given. `PROMOTION_INTERRUPTED`: something
   * failed after the production key was used; `cause` says what, and a second run goes on from there.
   */
  readonly reason: 'PROMOTION_SET_CHANGED' | 'PROMOTION_INCOMPLETE' | 'PROMOTION_SIGNER' | 'PROMOTION_INTERRUPTED';
  /** Production signatures that stand in source or target now: those that this run made and those that it found. */
  readonly signatures: readonly { readonly subject: Digest; readonly signature: Digest; readonly repository: string }[];
  /** Referrers that are not listed; for `PROMOTION_SIGNER` signatures that do not satisfy the statement. */
  readonly missing: readonly { readonly subject: Digest; readonly referrer: Digest }[];
}

/** What travels besides the image: what the decision rests on, or all that is trusted if the policy says so. */
export function travelling({ evidence }: GateDecision, { output }: GatePolicy): readonly UsedEvidence[] {
  return output.promote?.evidence === 'all-trusted' ? [...evidence.used, ...evidence.unused] : evidence.used;
}

/** Everything that travels, as referrers of what it is about. */
export async function edgesOf(
  source: Repository,
  artifact: Descriptor,
  decision: GateDecision,
  policy: GatePolicy,
  call: CallOptions,
): Promise<readonly Edge[]> {
  const edges = decision.image.signatures.map(({ digest }) => ({ subject: artifact, referrer: digest }));
  for (const { target, manifest, signatures } of travelling(decision, policy)) {
    edges.push({ subject: await source.resolve(target, call), referrer: manifest });
    const subject = await source.resolve(manifest, call);
    for (const { digest } of signatures) edges.push({ subject, referrer: digest });
  }
  return edges;
}

/** Looks once more before signing; only for what has gone, never to add. */
export async function checkUnchanged(source: Repository, edges: readonly Edge[], call: CallOptions): Promise<void> {
  const missing = await findUnlisted(source, edges, call);
  if (missing.length > 0)
    refuse('PROMOTION_SET_CHANGED', missing, `${source.name} no longer lists what the decision rests on: decide again`);
}

/** A registry may accept a referrer and not list it; whoever pulls by tag would then find the graph incomplete. */
export async function checkComplete(target: Repository, edges: readonly Edge[], call: CallOptions): Promise<void> {
  const missing = await findUnlisted(target, edges, call);
  if (missing.length > 0)
    refuse('PROMOTION_INCOMPLETE', missing, `${target.name} does not list what was copied to it: run again`);
}

/** @throws {NotaryKitError} `ERR_NOTARYKIT_PROMOTE` */
export function refuse(
  reason: PromotionFailure['reason'],
  edges: readonly Edge[],
  message: string,
  cause?: unknown,
): never {
  const missing = edges.map(({ subject, referrer }) => ({ subject: subject.digest, referrer }));
  throw new NotaryKitError<PromotionFailure>(
    'ERR_NOTARYKIT_PROMOTE',
    `${message} (${describeEdges(edges)}); no tag was set`,
    { detail: { reason, missing, signatures: [] }, ...(cause === undefined ? {} : { cause }) },
  );
}
