import { openGraph, type Referrer, type SetAsideReferrer } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined, quote } from '@notarykit/common/internal';
import { type Descriptor, type Repository, sameContent } from '@notarykit/oci/internal';
import type { RecordedAnswer } from '@notarykit/pki/internal';
import { signatureArtifactType } from '@notarykit/signature-envelope/internal';
import { missedSignature, TrustError } from '@notarykit/trust-policy/internal';
import { type ArtifactReference, callOptions } from '../reference.js';
import type { Trust } from '../trust.js';
import { type Skipped, type Verified, type VerifyOptions, verifyIn } from '../verify.js';
import type { BundledArtifact } from './document.js';
import { collectEvidence, type EvidenceSource } from './evidence.js';
import { gather } from './gather.js';
import type { GatherSource } from './gather-source.js';
import { createParts, type Parts } from './parts.js';
import { bundleProblem } from './problem.js';
import { type Bundle, sealBundle } from './seal.js';

/** An artifact to put into a bundle. */
export interface BundleInput {
  readonly repository: Repository;
  readonly reference: ArtifactReference;
}

/** Options of {@link createBundle}. */
export interface CreateBundleOptions
  extends Omit<Trust, 'revocation' | 'at' | 'statement' | 'examine'>,
    Pick<VerifyOptions, 'platforms'>,
    CallOptions {
  /**
   * How revocation is found out while the artifacts are verified: over a `fetch`, or from `answers` that were recorded before. What is
   * found goes into the bundle.
   */
  readonly revocation?: EvidenceSource;
  /** Answers of earlier dates to carry along, such as those of the bundle that this one renews: it can be verified as of their dates too. */
  readonly evidence?: readonly RecordedAnswer[];
  /** Configs and layers of the artifacts as well, so that they can be copied out of the bundle. Default false. */
  readonly content?: boolean;
  /** SBOMs, scans and what else refers to the artifacts, if it is trusted under the same policy. Default true. */
  readonly referrers?: boolean;
  /**
   * Take also what the policy says to look away from (level `skip`), without signatures and referrers: nothing of it is verified.
   * Default: it is refused.
   */
  readonly allowSkipped?: boolean;
  /** Most bytes of manifests, envelopes and evidence. Default 256 MiB. */
  readonly maxBytes?: number;
}

/**
 * Puts artifacts, the signatures that make them trusted, and what the authorities said about the certificates into one OCI image
 * layout, a tar. Everything is verified under the policy before it goes in; signatures and referrers that are not trusted stay out.
 * The same content, evidence and policy give the same bytes. Configs and layers are read from their repositories while the archive is
 * written.
 *
 * @throws {TrustError} when an artifact is not trusted
 * @throws {NotaryKitError} `ERR_NOTARYKIT_BUNDLE`, `NOTHING_VERIFIED` when there is no artifact or the policy skips one, `PART_MISSING`
 * @throws whatever the repository says when a referrer could not be read: a bundle without it would lose it without a word
 *
 * @example
 * ```ts
 * const bundle = await createBundle({ repository, reference: 'v1' }, { policy, trustStore, revocation: { fetch: revocationFetch() } });
 * await writeBundle('net-monitor.bundle.tar', bundle);
 * ```
 */
export async function createBundle(
  artifacts: BundleInput | readonly BundleInput[],
  options: CreateBundleOptions,
): Promise<Bundle> {
  const { revocation, evidence: earlier = [], maxBytes = 256 * 1024 * 1024, content = false } = options;
  const inputs = 'repository' in artifacts ? [artifacts] : artifacts;
  if (inputs.length === 0)
    throw bundleProblem('NOTHING_VERIFIED', 'expected an artifact to bundle: an empty bundle vouches for nothing');
  const evidence = collectEvidence(revocation, earlier);
  const parts = createParts(maxBytes);
  // One time for all of it, whatever the clock does meanwhile.
  const { referrers = true, allowSkipped = false, ...others } = options;
  const { revocation: _, evidence: __, maxBytes: ___, content: ____, ...rest } = others;
  const trust: BundleTrust = {
    ...rest,
    now: options.now ?? new Date(),
    examine: 'all',
    ...(evidence.checker && { revocation: evidence.checker }),
  };
  const setAside: SetAsideReferrer[] = [];
  const making: Making = { parts, trust, content, referrers, allowSkipped, setAside };
  const bundled: BundledArtifact[] = [];
  for (const input of inputs) bundled.push(await take(input, making));
  const made = { policy: options.policy.digest, content, artifacts: bundled, setAside };
  return sealBundle(made, evidence.items(), parts);
}

type BundleTrust = Omit<VerifyOptions, 'scope' | 'metadata' | 'maxSignatures'>;

/** A bundle that is being made. */
interface Making {
  readonly parts: Parts;
  readonly trust: BundleTrust;
  readonly content: boolean;
  readonly referrers: boolean;
  readonly allowSkipped: boolean;
  readonly setAside: SetAsideReferrer[];
}

/** Verifies an artifact and takes it with all that the verdict rests on. */
async function take({ repository, reference }: BundleInput, making: Making): Promise<BundledArtifact> {
  const { parts, trust, content } = making;
  const call = callOptions(trust);
  const source: GatherSource = { repository, view: openGraph(repository) };
  const { descriptor, tag } = await source.view.resolve(reference, call);
  const verdict = await verifyIn(source.view, { descriptor }, trust);
  if (verdict.verdict === 'skipped' && !making.allowSkipped)
    throw bundleProblem(
      'NOTHING_VERIFIED',
      `the policy skips ${quote(repository.name)}: there is nothing to vouch for`,
    );
  await gather(source, descriptor, parts, { ...call, content });
  await takeSignatures(source, verdict, parts, call);
  const referrers = making.referrers ? await takeReferrers(source, descriptor, making) : [];
  parts.list(descriptor, tag);
  return { repository: repository.name, ...defined({ tag }), descriptor, referrers };
}

async function takeSignatures(
  source: GatherSource,
  verdict: Verified | Skipped,
  parts: Parts,
  call: CallOptions,
): Promise<void> {
  if (verdict.verdict === 'skipped') return;
  for (const { manifest } of [verdict, ...verdict.manifests].flatMap(({ signatures }) => signatures)) {
    await gather(source, manifest, parts, { ...call, content: true });
    parts.list(manifest);
  }
}

/** Referrers are small, and of no use without their content. */
async function takeReferrers(
  source: GatherSource,
  artifact: Descriptor,
  { parts, trust, setAside }: Making,
): Promise<readonly Descriptor[]> {
  const call = callOptions(trust);
  const taken: Descriptor[] = [];
  const unread = (type: string | undefined): boolean => type === signatureArtifactType;
  for await (const referrer of source.view.referrers(artifact, { ...call, unread })) {
    if (referrer.kind === 'setAside') setAside.push(noted(artifact, referrer));
    else if (await takeReferrer(source, artifact, referrer, { parts, trust })) taken.push(referrer.descriptor);
  }
  return taken;
}

function noted(
  subject: Descriptor,
  { descriptor, reason, cause }: Extract<Referrer, { kind: 'setAside' }>,
): SetAsideReferrer {
  if (reason === 'unavailable') throw cause;
  return { subject, reason, cause, ...(descriptor && { descriptor }) };
}

/** Whether a referrer goes in: what is trusted, and is about this very artifact. */
async function takeReferrer(
  source: GatherSource,
  artifact: Descriptor,
  { descriptor, fetched, artifactType }: Extract<Referrer, { kind: 'referrer' }>,
  { parts, trust }: Pick<Making, 'parts' | 'trust'>,
): Promise<boolean> {
  const { subject } = fetched.manifest;
  if (artifactType === signatureArtifactType || subject === undefined || !sameContent(subject, artifact)) return false;
  const verdict = await verifyReferrer(source, descriptor, trust);
  if (verdict === undefined) return false;
  const call = callOptions(trust);
  await gather(source, descriptor, parts, { ...call, content: true });
  await takeSignatures(source, verdict, parts, call);
  parts.list(descriptor);
  return true;
}

/** A referrer that is not trusted is not a fault of the artifact: anybody can attach one. */
async function verifyReferrer(
  { view }: GatherSource,
  referrer: Descriptor,
  trust: BundleTrust,
): Promise<Verified | undefined> {
  try {
    const verdict = await verifyIn(view, { descriptor: referrer }, { ...trust, platforms: 'index' });
    return verdict.verdict === 'trusted' ? verdict : undefined;
  } catch (error) {
    if (!(error instanceof TrustError) || isMissed(error)) throw error;
    return undefined;
  }
}

/** A signature that could not be fetched now: without its referrer the bundle would lack it, and nothing would show that. */
function isMissed({ detail }: TrustError): boolean {
  return detail?.report !== undefined && missedSignature(detail.report) !== undefined;
}
