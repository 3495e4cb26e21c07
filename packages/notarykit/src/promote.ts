import { copyGraph, type GraphView, openGraph, tagArtifact } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined, quote } from '@notarykit/common/internal';
import { canonicalRepository, type Descriptor, type Repository } from '@notarykit/oci/internal';
import { checkAllowed, type SummaryGrounds } from '@notarykit/sbom-gate/internal/core';
import { NotaryKitError } from './errors.js';
import { gateWhole } from './gate.js';
import { checkUnchanged, edgesOf, ensureComplete } from './promote/edges.js';
import type { PromoteOptions, PromotionProgress } from './promote/options.js';
import { productionOptions } from './promote/options.js';
import { findOwnSignature } from './promote/own-signature.js';
import { planOf } from './promote/plan.js';
import { checkProductionSigner } from './promote/production-signer.js';
import type { Promotion } from './promote/promotion.js';
import { checkWritable, SignedSoFar } from './promote/signed.js';
import { buildSummary, earlierSummaries, summaryOf, writeSummary } from './promote/summary.js';
import { callOptions } from './reference.js';
import { type AttachedSignature, type SignOptions, sign } from './sign.js';
import { resourceOf } from './verdict/summary-key.js';
import { checkNotSkipped } from './verdict/trusted.js';
import { verifyIn } from './verify.js';

/**
 * Promotes an artifact from one repository to another: verify, gate, sign artifact and evidence with the production key, copy
 * them with their signatures, look that all of it is listed at the target, and only then tag. Referrers that the decision does not
 * rest on stay behind, unless the policy's `output.promote` lets all trusted evidence travel; the signer must be the one it names.
 *
 * A crash at any point leaves no tag on an incomplete graph. A second run finishes the work: what is signed and copied already
 * is found again.
 *
 * @throws {TrustError}, {GateError} when the artifact is not trusted or not allowed; nothing was written
 * @throws what the target answers when it takes no writes; nothing was signed
 * @throws {NotaryKitError} `ERR_NOTARYKIT_PROMOTE`, no tag was set: `detail.reason` is `PROMOTION_SET_CHANGED` when evidence
 *   vanished between decision and signing, `PROMOTION_INCOMPLETE` when the target does not list what was copied, `PROMOTION_SIGNER`
 *   when the policy names another signer, `PROMOTION_INTERRUPTED` when something else failed after signing, which is its `cause`;
 *   `detail.signatures` are the production signatures that are in source and target
 *
 * @example
 * ```ts
 * const { artifact } = await promote(staging, production, { reference: 'v1', tag: 'v1', trust, policy, signer });
 * ```
 */
export async function promote(source: Repository, target: Repository, options: PromoteOptions): Promise<Promotion> {
  const call = callOptions(options);
  const say: Say = (phase, message) => options.onProgress?.({ phase, message });
  // What verifying read is not asked for again by the gate.
  const view = openGraph(source);
  const decided = await decidePromotion(view, target, options, say);
  const { decision, plan } = decided;
  const edges = await edgesOf(view, plan, call);
  await checkUnchanged(source, edges, call);
  // The production key is not used for what then could not be brought to its place.
  await checkWritable(target, call);
  const signed = new SignedSoFar(call);
  const { signatures, summary } = await signed.guard(() => signAndCopy(source, target, decided, options, signed, say));
  say('assert', target.name);
  const own = signatures.map(({ subject, signature }) => ({ subject, referrer: signature }));
  const summaries = summary === undefined ? [] : [{ subject: plan.artifact, referrer: summary }];
  await signed.guard(() => ensureComplete(target, [...edges, ...own, ...summaries], call));
  const guard = defined({ ifMatch: options.ifMatch });
  say('tag', plan.tags.join(', '));
  const { tags } = await tagArtifact(target, plan.artifact, plan.tags, { ...call, ...guard });
  say('done', `${target.name}@${plan.artifact.digest}`);
  return { artifact: plan.artifact, decision, plan, signatures, tags, ...(summary && { summary }) };
}

/**
 * The production key signs the artifact, the platforms that are asked for, the evidence that the decision lets travel, and this run's
 * summary: nothing else.
 */
async function signAndCopy(
  source: Repository,
  target: Repository,
  decided: Decided,
  options: PromoteOptions,
  signed: SignedSoFar,
  say: Say,
): Promise<{ readonly signatures: readonly AttachedSignature[]; readonly summary?: Descriptor }> {
  const call = callOptions(options);
  const { plan } = decided;
  const subjects = [plan.artifact, ...plan.platforms, ...plan.evidence];
  const inSource = plan.signIn === 'source';
  if (inSource) for (const subject of subjects) await signOne(source, subject, options, signed, say);
  const made = signed.signatures.map(({ signature }) => signature);
  await copyAll(source, target, [...subjects, ...plan.signatures, ...made], call, say);
  if (!inSource) for (const subject of subjects) await signOne(target, subject, options, signed, say);
  const summary = plan.summary ? await summarize(target, decided, options, signed, say) : undefined;
  return { signatures: signed.signatures, ...(summary && { summary }) };
}

/**
 * What {@link promote} would do, and why: verifies and decides, and writes nothing. The signer is not asked. A `rescan` hook is
 * called as in a promotion; leave it out to look only.
 *
 * @throws as {@link promote}
 */
export async function planPromotion(
  source: Repository,
  target: Repository,
  options: Omit<PromoteOptions, 'signer'>,
): Promise<Pick<Promotion, 'decision' | 'plan'>> {
  const say: Say = (phase, message) => options.onProgress?.({ phase, message });
  const { decision, plan } = await decidePromotion(openGraph(source), target, options, say);
  return { decision, plan };
}

/** A promotion that is allowed, with what its summary must say to be accepted by another gate. */
type Decided = Pick<Promotion, 'decision' | 'plan'> & { readonly grounds?: SummaryGrounds };

async function decidePromotion(
  view: GraphView,
  target: Repository,
  options: Omit<PromoteOptions, 'signer'>,
  say: Say,
): Promise<Decided> {
  const call = callOptions(options);
  const { descriptor } = await view.resolve(options.reference, call);
  say('verify', descriptor.digest);
  const platforms = checkedPlatforms(options.platforms);
  const verdict = await verifyIn(view, { descriptor }, { ...trustAt(options), platforms, ...call });
  checkNotSkipped(verdict, options.allowSkipped);
  say('gate', `under the policy ${options.policy.name}`);
  // The evidence itself is copied, so a summary is not enough.
  const whole = await gateWhole(view, { descriptor }, options);
  const decision = checkAllowed(whole.decision);
  const plan = await planOf(view, { descriptor, decision, verdict }, options);
  if (!plan.summary) return { decision, plan };
  const grounds = whole.groundsFor(resourceOf(canonicalRepository(target.name), descriptor.digest));
  // A policy whose summary cannot be written is found out before anything is.
  summaryOf(decision, target, options.policy, grounds);
  return { decision, plan, ...(grounds && { grounds }) };
}

/**
 * The summary of the decision, signed like everything else. It is signed before its manifest is there, so that what a run that died
 * leaves behind is signed or not listed; of earlier ones only what the production key has signed is kept.
 */
async function summarize(
  target: Repository,
  { decision, plan: { artifact }, grounds }: Decided,
  options: PromoteOptions,
  signed: SignedSoFar,
  say: Say,
): Promise<Descriptor> {
  const call = callOptions(options);
  for await (const earlier of earlierSummaries(target, artifact, decision, options.policy, call, grounds)) {
    if ((await findOwnSignature(target, earlier, wantedOf(options))) === undefined) continue;
    await signOne(target, earlier, options, signed, say);
    return earlier;
  }
  const summary = await buildSummary(target, artifact, decision, options.policy, grounds);
  await signOne(target, summary.descriptor, options, signed, say);
  await writeSummary(target, summary, call);
  return summary.descriptor;
}

/** What is tagged at the target is signed itself: its platforms alone, which `verify` and `sign` know as `children`, are not enough. */
function checkedPlatforms(platforms: unknown = 'index'): NonNullable<PromoteOptions['platforms']> {
  if (platforms === 'index' || platforms === 'both') return platforms;
  const message = `platforms: expected "index" or "both", found ${quote(String(platforms))}`;
  throw new NotaryKitError('ERR_NOTARYKIT_ARGUMENT', message);
}

/** The artifact is verified and signed at the time at which the gate decides. */
function trustAt({ trust, now }: Pick<PromoteOptions, 'trust' | 'now'>): PromoteOptions['trust'] {
  const fixed = typeof now === 'function' ? now() : now;
  return fixed === undefined ? trust : { ...trust, now: fixed };
}

type Say = (phase: PromotionProgress['phase'], message: string) => void;

function wantedOf(options: PromoteOptions): Parameters<typeof findOwnSignature>[2] {
  const { signer } = options;
  return { ...productionOptionsOf(options), ...callOptions(options), signer, now: trustAt(options).now ?? new Date() };
}

/** Signs a manifest, unless a run before has done it. */
async function signOne(
  repository: Repository,
  subject: Descriptor,
  options: PromoteOptions,
  signed: SignedSoFar,
  say: Say,
): Promise<void> {
  const { policy } = options;
  const wanted = wantedOf(options);
  const made = await findOwnSignature(repository, subject, wanted);
  say('sign', `${subject.digest}${made === undefined ? '' : ' (signed before)'}`);
  const signature = made ?? (await sign(repository, subject, wanted)).signature;
  signed.add(repository, { subject, signature });
  await checkProductionSigner(repository, { subject, signature }, policy, {
    ...trustAt(options),
    ...callOptions(options),
  });
}

function productionOptionsOf(options: PromoteOptions): Partial<SignOptions> {
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
