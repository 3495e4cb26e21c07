import { copy as copyGraph, type TagOutcome, tagArtifact } from '@notarykit/artifact-graph';
import type { CallOptions } from '@notarykit/common';
import type { Descriptor, Digest, Repository } from '@notarykit/oci';
import type { GateDecision } from '@notarykit/sbom-gate';
import type { Signer } from '@notarykit/signature-envelope';
import { type GateOptions, gate } from './gate.js';
import { listAgain } from './listing.js';
import { checkComplete, checkUnchanged, edgesOf } from './promote/edges.js';
import { findOwnSignature } from './promote/own-signature.js';
import { planOf } from './promote/plan.js';
import { checkProductionSigner } from './promote/production-signer.js';
import { attachSummary, summaryOf } from './promote/summary.js';
import { type ArtifactReference, callOptions, resolveArtifact } from './reference.js';
import { type AttachedSignature, type SignOptions, sign } from './sign.js';
import { verify } from './verify.js';

const productionOptions = [
  'format',
  'expiry',
  'metadata',
  'manifestForm',
  'timestamper',
  'timestampRoots',
  'timestampRevocation',
  'allowNonCriticalBasicConstraints',
] as const;

/** Options of {@link promote}. */
export interface PromoteOptions extends GateOptions, Pick<SignOptions, (typeof productionOptions)[number]> {
  readonly reference: ArtifactReference;
  /** Tags at the target, set last. */
  readonly tag: string | readonly string[];
  /** Move the tags only if they point here now; `null`: only if there are none. */
  readonly ifMatch?: Digest | null;
  /** The production key. */
  readonly signer: Signer;
  /** Where the production signatures are made: in the source (the default), or in the target when the source is read-only. */
  readonly signIn?: 'source' | 'target';
  readonly onProgress?: (progress: PromotionProgress) => void;
}

/** How far a promotion is. */
export interface PromotionProgress {
  readonly phase: 'verify' | 'gate' | 'sign' | 'copy' | 'assert' | 'tag' | 'done';
  readonly message: string;
}

/** What a promotion will do, decided before anything is written. */
export interface PromotionPlan {
  readonly artifact: Descriptor;
  /** The evidence that the decision rests on: SBOMs, scans and statements that travel along. Nothing else does. */
  readonly evidence: readonly Descriptor[];
  /** Signatures that made artifact and evidence trusted. */
  readonly signatures: readonly Descriptor[];
  readonly signIn: 'source' | 'target';
  /** Whether a verification summary of the decision is attached at the target, because the policy says so. */
  readonly summary: boolean;
  readonly tags: readonly string[];
}

/** What {@link promote} did. */
export interface Promotion {
  readonly artifact: Descriptor;
  readonly decision: GateDecision;
  readonly plan: PromotionPlan;
  /** Production signatures, one for the artifact, each piece of evidence, and the summary. */
  readonly signatures: readonly AttachedSignature[];
  /** The verification summary at the target, when the policy asks for one. */
  readonly summary?: Descriptor;
  readonly tags: readonly TagOutcome[];
}

/**
 * Promotes an artifact from one repository to another: verify, gate, sign artifact and evidence with the production key, copy
 * them with their signatures, look that all of it is listed at the target, and only then tag. Referrers that the decision does not
 * rest on stay behind, unless the policy's `output.promote` lets all trusted evidence travel; the signer must be the one it names.
 *
 * A crash at any point leaves no tag on an incomplete graph. A second run finishes the work: what is signed and copied already
 * is found again.
 *
 * @throws {TrustError}, {GateError} when the artifact is not trusted or not allowed; nothing was written
 * @throws {NotaryKitError} `ERR_NOTARYKIT_PROMOTE`, no tag was set: `detail.reason` is `PROMOTION_SET_CHANGED` when evidence
 *   vanished between decision and signing, `PROMOTION_INCOMPLETE` when the target does not list what was copied, `PROMOTION_SIGNER` when the policy names another signer
 *
 * @example
 * ```ts
 * const { artifact } = await promote(staging, production, { reference: 'v1', tag: 'v1', trust, policy, signer });
 * ```
 */
export async function promote(source: Repository, target: Repository, options: PromoteOptions): Promise<Promotion> {
  const call = callOptions(options);
  const say: Say = (phase, message) => options.onProgress?.({ phase, message });
  const { decision, plan } = await decidePromotion(source, target, options, say);
  const edges = await edgesOf(source, plan.artifact, decision, options.policy, call);
  await checkUnchanged(source, edges, call);
  const subjects = [plan.artifact, ...plan.evidence];
  const signatures = plan.signIn === 'source' ? await signAll(source, subjects, options, say) : [];
  const made = signatures.map(({ signature }) => signature);
  await copyAll(source, target, [...subjects, ...plan.signatures, ...made], call, say);
  if (plan.signIn === 'target') signatures.push(...(await signAll(target, subjects, options, say)));
  const summary = plan.summary ? await summarize(target, decision, plan, options, say) : undefined;
  if (summary !== undefined) signatures.push(summary);
  say('assert', target.name);
  const signed = signatures.map(({ subject, signature }) => ({ subject, referrer: signature.digest }));
  await listAgain(target, [...edges, ...signed], call);
  await checkComplete(target, [...edges, ...signed], call);
  const guard = options.ifMatch === undefined ? {} : { ifMatch: options.ifMatch };
  say('tag', plan.tags.join(', '));
  const { tags } = await tagArtifact(target, plan.artifact, plan.tags, { ...call, ...guard });
  say('done', `${target.name}@${plan.artifact.digest}`);
  return { artifact: plan.artifact, decision, plan, signatures, tags, ...(summary && { summary: summary.subject }) };
}

/**
 * What {@link promote} would do, and why: verifies and decides, and writes nothing. The signer is not asked. A `rescan` hook is
 * called as in a promotion; leave it out to look only.
 *
 * @throws as {@link promote}
 */
export function planPromotion(
  source: Repository,
  target: Repository,
  options: Omit<PromoteOptions, 'signer'>,
): Promise<Pick<Promotion, 'decision' | 'plan'>> {
  return decidePromotion(source, target, options, (phase, message) => options.onProgress?.({ phase, message }));
}

async function decidePromotion(
  source: Repository,
  target: Repository,
  options: Omit<PromoteOptions, 'signer'>,
  say: Say,
): Promise<Pick<Promotion, 'decision' | 'plan'>> {
  const call = callOptions(options);
  const { descriptor } = await resolveArtifact(source, options.reference, call);
  say('verify', descriptor.digest);
  await verify(source, descriptor, { ...options.trust, ...call });
  say('gate', `under the policy ${options.policy.name}`);
  const decision = await gate(source, descriptor, options);
  // A policy whose summary cannot be written is found out before anything is.
  if (options.policy.output.attestation === 'vsa') summaryOf(decision, target, options.policy);
  return { decision, plan: await planOf(source, descriptor, decision, options) };
}

/** The summary of the decision, signed like everything else. */
async function summarize(
  target: Repository,
  decision: GateDecision,
  { artifact }: PromotionPlan,
  options: PromoteOptions,
  say: Say,
): Promise<AttachedSignature | undefined> {
  const summary = await attachSummary(target, artifact, decision, options);
  const [signature] = await signAll(target, [summary], options, say);
  return signature;
}

type Say = (phase: PromotionProgress['phase'], message: string) => void;

async function signAll(
  repository: Repository,
  subjects: readonly Descriptor[],
  options: PromoteOptions,
  say: Say,
): Promise<AttachedSignature[]> {
  const { signer, policy, trust } = options;
  const call = callOptions(options);
  const wanted = { ...pickGiven(options), ...call, signer, now: trust.now ?? new Date() };
  const signatures: AttachedSignature[] = [];
  for (const subject of subjects) {
    const made = await findOwnSignature(repository, subject, wanted);
    say('sign', `${subject.digest}${made === undefined ? '' : ' (signed before)'}`);
    const signature = made ?? (await sign(repository, subject, wanted)).signature;
    await checkProductionSigner(repository, { subject, signature }, policy, { ...trust, ...call });
    signatures.push({ subject, signature });
  }
  return signatures;
}

function pickGiven(options: PromoteOptions): Partial<SignOptions> {
  const given = productionOptions.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(given) as Partial<SignOptions>;
}

/** Subjects come before their referrers in the list, so that no signature arrives before what it signs. */
async function copyAll(
  source: Repository,
  target: Repository,
  manifests: readonly Descriptor[],
  call: CallOptions,
  say: Say,
): Promise<void> {
  for (const manifest of manifests) {
    say('copy', manifest.digest);
    await copyGraph(source, target, { ...call, reference: manifest, referrers: false, tag: false });
  }
}
