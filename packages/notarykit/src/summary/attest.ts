import { openGraph } from '@notarykit/artifact-graph/internal';
import type { CallOptions } from '@notarykit/common/internal';
import { canonicalRepository, type Descriptor, type Repository } from '@notarykit/oci/internal';
import { buildRevokingVsa, checkAllowed, type GateDecision, type GatePolicy } from '@notarykit/sbom-gate/internal/core';
import type { Signer } from '@notarykit/signature-envelope/internal';
import { NotaryKitError } from '../errors.js';
import { type GateOptions, gateWhole } from '../gate.js';
import { type BuiltSummary, buildSummary, packSummary, writeSummary } from '../promote/summary.js';
import { type ArtifactReference, callOptions } from '../reference.js';
import { type AttachedSignature, type SignOptions, sign } from '../sign.js';
import { resourceOf } from '../verdict/summary-key.js';

/** How a summary is signed: as an artifact, with the signer named here. */
export type SummarySigning = Omit<SignOptions, 'platforms' | 'signal' | 'signer'> & { readonly signer: Signer };

/** Options of {@link attestSummary}. */
export interface AttestSummaryOptions extends GateOptions {
  /** How the summary is signed, by a signer that the policy names in `summary.signedBy`. */
  readonly sign: SummarySigning;
}

/** A summary that is attached and signed. */
export interface AttestedSummary {
  readonly summary: Descriptor;
  readonly signature: AttachedSignature;
}

/**
 * Runs the gate over the whole graph and attaches a signed verification summary of the decision: `PASSED`, which other gates accept in
 * place of the evidence, or `FAILED`, which cancels earlier summaries. A summary is never made of a summary.
 *
 * @returns the decision, also one that denies
 * @throws {GateError} `ERR_GATE_DENIED` when something could not be found out: nothing is written
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT` when the policy has no `output.verifierId`
 *
 * @example
 * ```ts
 * const { decision, summary } = await attestSummary(repository, 'v1', { policy, trust, sign: { signer } });
 * ```
 */
export async function attestSummary(
  repository: Repository,
  reference: ArtifactReference,
  options: AttestSummaryOptions,
): Promise<AttestedSummary & { readonly decision: GateDecision }> {
  const call = callOptions(options);
  const view = openGraph(repository);
  const artifact = await view.resolve(reference, call);
  const whole = await gateWhole(view, artifact, options);
  if (whole.undecided) checkAllowed(whole.decision);
  const { decision } = whole;
  const grounds = whole.groundsFor(resourceOf(view.repository, artifact.descriptor.digest));
  const built = await buildSummary(repository, artifact.descriptor, decision, options.policy, grounds);
  return { decision, ...(await attach(repository, built, options.sign, call)) };
}

/** Options of {@link revokeSummaries}. */
export interface RevokeSummariesOptions extends CallOptions {
  readonly policy: GatePolicy;
  /** As in {@link AttestSummaryOptions}. */
  readonly sign: SummarySigning;
  /** When it is revoked: summaries that were made later count. Default: the clock, read once. */
  readonly now?: Date;
}

/**
 * Revokes all verification summaries of an image so far: attaches a signed one that says `FAILED`. A registry can hide it: give the gate
 * `revokedSummaries` as well, which also ends a summary of a verifier whose clock was ahead. In any case a summary ends at the greatest
 * age of the policy.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT` when the policy has no `output.verifierId`
 */
export async function revokeSummaries(
  repository: Repository,
  reference: ArtifactReference,
  { policy, sign: signing, now = new Date(), ...options }: RevokeSummariesOptions,
): Promise<AttestedSummary> {
  const call = callOptions(options);
  const { descriptor } = await openGraph(repository).resolve(reference, call);
  const { verifierId } = policy.output;
  if (verifierId === undefined)
    throw new NotaryKitError('ERR_NOTARYKIT_ARGUMENT', `the gate policy ${policy.name}: give it "output.verifierId"`);
  const resourceUri = resourceOf(canonicalRepository(repository.name), descriptor.digest);
  const text = buildRevokingVsa({ digest: descriptor.digest, policy, now, verifierId, resourceUri });
  return await attach(repository, await packSummary(repository, descriptor, text, now), signing, call);
}

/** The manifest is pushed after its signature: a summary that is listed is signed. */
async function attach(
  repository: Repository,
  built: BuiltSummary,
  signing: SummarySigning,
  call: CallOptions,
): Promise<AttestedSummary> {
  const { signature } = await sign(repository, built.descriptor, { ...signing, ...call });
  await writeSummary(repository, built, call);
  return { summary: built.descriptor, signature: { subject: built.descriptor, signature } };
}
