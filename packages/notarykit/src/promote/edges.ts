import type { CallOptions } from '@notarykit/common';
import { type Descriptor, type Digest, fetchBytes, type Repository } from '@notarykit/oci';
import type { GateDecision } from '@notarykit/sbom-gate';
import { NotaryKitError } from '../errors.js';

/** A referrer that must be listed at its subject. */
export interface Edge {
  readonly subject: Descriptor;
  readonly referrer: Digest;
}

/** Facts of `ERR_NOTARYKIT_PROMOTE`. */
export interface PromotionFailure {
  readonly reason: 'PROMOTION_SET_CHANGED' | 'PROMOTION_INCOMPLETE';
  readonly missing: readonly { readonly subject: Digest; readonly referrer: Digest }[];
}

/** Everything that a decision rests on, as referrers of what they are about. */
export async function edgesOf(
  source: Repository,
  artifact: Descriptor,
  { image, evidence }: GateDecision,
  call: CallOptions,
): Promise<readonly Edge[]> {
  const edges = image.signatures.map(({ digest }) => ({ subject: artifact, referrer: digest }));
  for (const { target, manifest, signatures } of evidence.used) {
    edges.push({ subject: await source.resolve(target, call), referrer: manifest });
    const subject = await source.resolve(manifest, call);
    for (const { digest } of signatures) edges.push({ subject, referrer: digest });
  }
  return edges;
}

/** Looks once more before signing; only for what has gone, never to add. */
export async function checkUnchanged(source: Repository, edges: readonly Edge[], call: CallOptions): Promise<void> {
  const missing = await findMissing(source, edges, call);
  if (missing.length > 0)
    refuse('PROMOTION_SET_CHANGED', missing, `${source.name} no longer lists what the decision rests on: decide again`);
}

/**
 * Pushes again what is at the target and not listed: without a referrers API, a run that died between a manifest and the update
 * of its subject's list leaves such a manifest, and a copy passes over what is there.
 */
export async function listAgain(target: Repository, edges: readonly Edge[], call: CallOptions): Promise<void> {
  for (const { referrer } of await findMissing(target, edges, call)) {
    const manifest = await target.resolve(referrer, call);
    await target.push(manifest, await fetchBytes(target, manifest, call), call);
  }
}

/** A registry may accept a referrer and not list it; whoever pulls by tag would then find the graph incomplete. */
export async function checkComplete(target: Repository, edges: readonly Edge[], call: CallOptions): Promise<void> {
  const missing = await findMissing(target, edges, call);
  if (missing.length > 0)
    refuse('PROMOTION_INCOMPLETE', missing, `${target.name} does not list what was copied to it: run again`);
}

async function findMissing(repository: Repository, edges: readonly Edge[], call: CallOptions): Promise<Edge[]> {
  const listings = new Map<Digest, Set<Digest>>();
  for (const { subject } of edges) {
    if (listings.has(subject.digest)) continue;
    const listed = new Set<Digest>();
    for await (const { digest } of repository.referrers(subject, call)) listed.add(digest);
    listings.set(subject.digest, listed);
  }
  return edges.filter(({ subject, referrer }) => !listings.get(subject.digest)?.has(referrer));
}

function refuse(reason: PromotionFailure['reason'], edges: readonly Edge[], message: string): never {
  const missing = edges.map(({ subject, referrer }) => ({ subject: subject.digest, referrer }));
  const list = missing.map(({ subject, referrer }) => `${referrer} of ${subject}`).join(', ');
  throw new NotaryKitError<PromotionFailure>('ERR_NOTARYKIT_PROMOTE', `${message} (missing: ${list}); no tag was set`, {
    detail: { reason, missing },
  });
}
