import { copy as copyGraph, type TagOutcome, tagArtifact } from '@notarykit/artifact-graph';
import type { CallOptions } from '@notarykit/common';
import type { Descriptor, Digest, Repository } from '@notarykit/oci';
import type { GateDecision } from '@notarykit/sbom-gate';
import type { Signer } from '@notarykit/signature-envelope';
import { NotaryKitError } from './errors.js';
import { type GateOptions, gate } from './gate.js';
import { findOwnSignature } from './promote/own-signature.js';
import { type ArtifactReference, callOptions, resolveArtifact } from './reference.js';
import { type AttachedSignature, type SignOptions, sign } from './sign.js';
import { verify } from './verify.js';

/** Options of {@link promote}. */
export interface PromoteOptions
  extends GateOptions,
    Pick<SignOptions, 'format' | 'expiry' | 'metadata' | 'manifestForm'> {
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
  readonly tags: readonly string[];
}

/** What {@link promote} did. */
export interface Promotion {
  readonly artifact: Descriptor;
  readonly decision: GateDecision;
  readonly plan: PromotionPlan;
  /** Production signatures, one for the artifact and each piece of evidence. */
  readonly signatures: readonly AttachedSignature[];
  readonly tags: readonly TagOutcome[];
}

/**
 * Promotes an artifact from one repository to another: verify, gate, sign artifact and evidence with the production key, copy
 * them with their signatures, look that all of it is listed at the target, and only then tag. Referrers that the decision does not
 * rest on stay behind.
 *
 * A crash at any point leaves no tag on an incomplete graph. A second run finishes the work: what is signed and copied already
 * is found again.
 *
 * @throws {TrustError}, {GateError} when the artifact is not trusted or not allowed; nothing was written
 * @throws {NotaryKitError} `ERR_NOTARYKIT_PROMOTE` when the target does not list what was copied; no tag was set
 *
 * @example
 * ```ts
 * const { artifact } = await promote(staging, production, { reference: 'v1', tag: 'v1', trust, policy, signer });
 * ```
 */
export async function promote(source: Repository, target: Repository, options: PromoteOptions): Promise<Promotion> {
  const call = callOptions(options);
  const say = (phase: PromotionProgress['phase'], message: string): void => options.onProgress?.({ phase, message });
  const { descriptor } = await resolveArtifact(source, options.reference, call);
  say('verify', descriptor.digest);
  await verify(source, descriptor, { ...options.trust, ...call });
  say('gate', `under the policy ${options.policy.name}`);
  const decision = await gate(source, descriptor, options);
  const plan = await planOf(source, descriptor, decision, options);
  const subjects = [plan.artifact, ...plan.evidence];
  const signatures = plan.signIn === 'source' ? await signAll(source, subjects, options, say) : [];
  await copyAll(
    source,
    target,
    [...subjects, ...plan.signatures, ...signatures.map(({ signature }) => signature)],
    call,
    say,
  );
  if (plan.signIn === 'target') signatures.push(...(await signAll(target, subjects, options, say)));
  say('assert', target.name);
  await checkListed(target, plan, signatures, call);
  const guard = options.ifMatch === undefined ? {} : { ifMatch: options.ifMatch };
  say('tag', plan.tags.join(', '));
  const { tags } = await tagArtifact(target, plan.artifact, plan.tags, { ...call, ...guard });
  say('done', `${target.name}@${descriptor.digest}`);
  return { artifact: descriptor, decision, plan, signatures, tags };
}

async function planOf(
  source: Repository,
  artifact: Descriptor,
  decision: GateDecision,
  options: PromoteOptions,
): Promise<PromotionPlan> {
  const call = callOptions(options);
  const { image, evidence } = decision;
  const manifests = new Set(evidence.used.map(({ manifest }) => manifest));
  const signatures = new Set([image, ...evidence.used].flatMap((each) => each.signatures.map(({ digest }) => digest)));
  const resolveAll = (digests: Iterable<Digest>): Promise<Descriptor[]> =>
    Promise.all([...digests].map((digest) => source.resolve(digest, call)));
  return {
    artifact,
    evidence: await resolveAll(manifests),
    signatures: await resolveAll(signatures),
    signIn: options.signIn ?? 'source',
    tags: typeof options.tag === 'string' ? [options.tag] : options.tag,
  };
}

type Say = (phase: PromotionProgress['phase'], message: string) => void;

async function signAll(
  repository: Repository,
  subjects: readonly Descriptor[],
  options: PromoteOptions,
  say: Say,
): Promise<AttachedSignature[]> {
  const { signer, format, expiry, metadata, manifestForm } = options;
  const now = options.trust.now ?? new Date();
  const given = {
    ...(format && { format }),
    ...(expiry && { expiry }),
    ...(metadata && { metadata }),
    ...(manifestForm && { manifestForm }),
  };
  const signatures: AttachedSignature[] = [];
  for (const subject of subjects) {
    const made = await findOwnSignature(repository, subject, signer, { ...callOptions(options), now });
    say('sign', `${subject.digest}${made === undefined ? '' : ' (signed before)'}`);
    signatures.push(
      made === undefined
        ? await sign(repository, subject, { ...given, ...callOptions(options), signer, now })
        : { subject, signature: made },
    );
  }
  return signatures.map(({ subject, signature }) => ({ subject, signature }));
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

async function checkListed(
  target: Repository,
  plan: PromotionPlan,
  signatures: readonly AttachedSignature[],
  call: CallOptions,
): Promise<void> {
  for (const { subject, signature } of signatures) {
    const listed = new Set<string>();
    for await (const { digest } of target.referrers(subject, call)) listed.add(digest);
    if (listed.has(signature.digest)) continue;
    throw new NotaryKitError(
      'ERR_NOTARYKIT_PROMOTE',
      `${target.name} does not list the signature ${signature.digest} of ${subject.digest}; no tag was set, run again`,
      { detail: { plan } },
    );
  }
}
