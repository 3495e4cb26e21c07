import { type CallOptions, quote } from '@notarykit/common';
import { type Descriptor, fetchManifest, type Repository, sameContent } from '@notarykit/oci';
import type { RecordedAnswer } from '@notarykit/pki';
import { signatureArtifactType } from '@notarykit/signature-envelope';
import { TrustError } from '@notarykit/trust-policy';
import { type ArtifactReference, callOptions, resolveArtifact } from '../reference.js';
import { type Trust, type Verified, type VerifyOptions, verify } from '../verify.js';
import type { BundledArtifact } from './document.js';
import { collectEvidence, type EvidenceSource } from './evidence.js';
import { gather } from './gather.js';
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
 * @throws {NotaryKitError} `ERR_NOTARYKIT_BUNDLE`, `NOTHING_VERIFIED` when the policy skips one, `PART_MISSING`
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
  const evidence = collectEvidence(revocation, earlier);
  const parts = createParts(maxBytes);
  // One time for all of it, whatever the clock does meanwhile.
  const { referrers = true, revocation: _, evidence: __, maxBytes: ___, content: ____, ...rest } = options;
  const trust: BundleTrust = {
    ...rest,
    now: options.now ?? new Date(),
    examine: 'all',
    ...(evidence.checker && { revocation: evidence.checker }),
  };
  const bundled: BundledArtifact[] = [];
  for (const input of inputs) bundled.push(await take(input, parts, trust, { content, referrers }));
  return sealBundle({ policy: options.policy.digest, content, artifacts: bundled }, evidence.items(), parts);
}

type BundleTrust = Omit<VerifyOptions, 'scope' | 'metadata' | 'maxSignatures'>;

/** Verifies an artifact and takes it with all that the verdict rests on. */
async function take(
  { repository, reference }: BundleInput,
  parts: Parts,
  trust: BundleTrust,
  { content, referrers }: { readonly content: boolean; readonly referrers: boolean },
): Promise<BundledArtifact> {
  const call = callOptions(trust);
  const { descriptor, tag } = await resolveArtifact(repository, reference, call);
  const verdict = await verify(repository, descriptor, trust);
  if (verdict.verdict === 'skipped')
    throw bundleProblem(
      'NOTHING_VERIFIED',
      `the policy skips ${quote(repository.name)}: there is nothing to vouch for`,
    );
  await gather(repository, descriptor, parts, { ...call, content });
  await takeSignatures(repository, verdict, parts, call);
  const also = referrers ? await takeReferrers(repository, descriptor, parts, trust) : [];
  parts.list(descriptor, tag);
  return { repository: repository.name, ...(tag === undefined ? {} : { tag }), descriptor, referrers: also };
}

async function takeSignatures(
  repository: Repository,
  verdict: Verified,
  parts: Parts,
  call: CallOptions,
): Promise<void> {
  for (const { manifest } of [verdict, ...verdict.manifests].flatMap(({ signatures }) => signatures)) {
    await gather(repository, manifest, parts, { ...call, content: true });
    parts.list(manifest);
  }
}

/** Referrers are small, and of no use without their content. */
async function takeReferrers(
  repository: Repository,
  artifact: Descriptor,
  parts: Parts,
  trust: BundleTrust,
): Promise<readonly Descriptor[]> {
  const call = callOptions(trust);
  const taken: Descriptor[] = [];
  for await (const referrer of repository.referrers(artifact, call)) {
    if (referrer.artifactType === signatureArtifactType) continue;
    const verdict = await verifyReferrer(repository, referrer, trust);
    if (verdict === undefined || !(await refersTo(repository, referrer, artifact, call))) continue;
    await gather(repository, referrer, parts, { ...call, content: true });
    await takeSignatures(repository, verdict, parts, call);
    parts.list(referrer);
    taken.push(referrer);
  }
  return taken;
}

/** The list of a registry is not taken at its word. */
async function refersTo(
  repository: Repository,
  referrer: Descriptor,
  artifact: Descriptor,
  call: CallOptions,
): Promise<boolean> {
  const { manifest } = await fetchManifest(repository, referrer, call);
  return manifest.subject !== undefined && sameContent(manifest.subject, artifact);
}

/** A referrer that is not trusted is no fault of the artifact: anybody can attach one. */
async function verifyReferrer(
  repository: Repository,
  referrer: Descriptor,
  trust: BundleTrust,
): Promise<Verified | undefined> {
  try {
    const verdict = await verify(repository, referrer, { ...trust, platforms: 'index' });
    return verdict.verdict === 'trusted' ? verdict : undefined;
  } catch (error) {
    if (error instanceof TrustError) return undefined;
    throw error;
  }
}
