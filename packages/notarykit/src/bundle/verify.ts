import { openGraph } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { offlineRevocationChecker } from '@notarykit/pki/internal';
import type { TrustPolicy } from '@notarykit/trust-policy/internal';
import { callOptions } from '../reference.js';
import type { Trust } from '../trust.js';
import { type Skipped, type Verified, type VerifyOptions, verifyIn } from '../verify.js';
import { checkComplete } from './complete.js';
import type { BundledArtifact } from './document.js';
import { checkExpected } from './expected.js';
import { bundleProblem } from './problem.js';
import { type BundleSource, type ReadBundleOptions, readBundle, type UnverifiedBundle } from './read.js';

/** Options of {@link verifyBundle}. */
export interface VerifyBundleOptions
  extends Omit<Trust, 'revocation' | 'statement' | 'examine'>,
    Pick<VerifyOptions, 'platforms' | 'metadata' | 'maxSignatures'>,
    ReadBundleOptions {
  /**
   * What must be in the bundle, and nothing else may be: `registry/repository`, with a tag or digest where those matter too. Names in a
   * bundle are its maker's: without this, compare the names in the result.
   */
  readonly expect?: readonly string[];
  /**
   * Let evidence count after its authority's own `nextUpdate`, as long as it is not older than so many milliseconds. Default: it counts
   * until then.
   */
  readonly maxAgeMs?: number;
  /** Take also what the policy says to look away from (level `skip`): nothing of it is verified. Default: it is refused. */
  readonly allowSkipped?: boolean;
  /** What becomes of a bundle that was made under another policy document than the one given. Default `refuse`. */
  readonly otherPolicy?: 'refuse' | 'accept';
}

/** A referrer that came along, with its verdict. */
export interface VerifiedReferrer {
  readonly descriptor: BundledArtifact['descriptor'];
  /** `skipped` only with `allowSkipped`. */
  readonly verdict: Verified | Skipped;
}

/** An artifact out of a bundle with its verdict: use it by `verdict.digest`. */
export interface VerifiedBundleArtifact extends Omit<BundledArtifact, 'referrers'> {
  /** `skipped` only with `allowSkipped`. */
  readonly verdict: Verified | Skipped;
  readonly referrers: readonly VerifiedReferrer[];
}

/** A bundle in which every artifact and every referrer is trusted. */
export interface VerifiedBundle extends Omit<UnverifiedBundle, 'artifacts'> {
  readonly artifacts: readonly VerifiedBundleArtifact[];
}

/**
 * Verifies a bundle without a network, from what is in it: each artifact under the policy, by the evidence that is in the bundle. With
 * `at`, as of that date: only evidence of that date counts, never a newer one. Revocation answers are believed only if their own
 * signature holds, so that a bundle needs no guard.
 *
 * Resolves only if there is an artifact in it, and every one is trusted. What a bundle cannot show is a revocation after its evidence was made, or a
 * signature that its maker left out.
 *
 * @throws {TrustError} when an artifact or a referrer is not trusted, with the report
 * @throws {NotaryKitError} `ERR_NOTARYKIT_BUNDLE`: {@link BundleProblem} says why
 * @throws {OciError} for an archive that is hostile or broken, `ERR_OCI_DIGEST_MISMATCH` for content that was changed
 *
 * @example
 * ```ts
 * const { artifacts } = await verifyBundle(bytes, { policy, trustStore, expect: ['registry.example.com/net-monitor:v1'] });
 * for (const { repository, verdict } of artifacts) console.log(repository, verdict.digest);
 * ```
 */
export async function verifyBundle(source: BundleSource, options: VerifyBundleOptions): Promise<VerifiedBundle> {
  const { maxBytes } = options;
  const call = callOptions(options);
  const bundle = await readBundle(source, { ...call, ...defined({ maxBytes }) });
  if (options.otherPolicy !== 'accept') checkPolicy(bundle, options.policy);
  if (options.expect !== undefined) checkExpected(bundle.artifacts, options.expect);
  if (bundle.artifacts.length === 0)
    throw bundleProblem('NOTHING_VERIFIED', 'the bundle holds no artifact: there is nothing to trust');
  const verification: Verification = {
    bundle,
    trust: trustOf(bundle, options),
    allowSkipped: options.allowSkipped === true,
    found: new Set(),
  };
  const artifacts: VerifiedBundleArtifact[] = [];
  for (const artifact of bundle.artifacts) artifacts.push(await verifyOne(verification, artifact, call));
  return { ...bundle, artifacts };
}

interface Verification {
  readonly bundle: UnverifiedBundle;
  readonly trust: VerifyOptions;
  readonly allowSkipped: boolean;
  /** What was found to be there. */
  readonly found: Set<string>;
}

function checkPolicy({ policy }: UnverifiedBundle, { digest }: Pick<TrustPolicy, 'digest'>): void {
  if (policy === digest) return;
  const message = `the bundle was made under the trust policy ${policy}, the one given is ${digest}; with "otherPolicy" it is verified under yours`;
  throw bundleProblem('POLICY_DIFFERS', message);
}

/** The time is read once; nothing in the bundle says what time it is. */
function trustOf({ evidence }: UnverifiedBundle, options: VerifyBundleOptions): VerifyOptions {
  const { expect: _, otherPolicy: __, maxBytes: ___, allowSkipped: ____, maxAgeMs, ...rest } = options;
  const age = defined({ maxAgeMs });
  const revocation = offlineRevocationChecker({ answers: evidence, ...age });
  return { ...rest, now: options.now ?? new Date(), revocation };
}

async function verifyOne(
  { bundle, trust, allowSkipped, found }: Verification,
  artifact: BundledArtifact,
  call: CallOptions,
): Promise<VerifiedBundleArtifact> {
  const repository = bundle.repository(artifact.repository);
  const view = openGraph(repository);
  await checkComplete({ repository, view, found }, artifact, bundle.content, call);
  const judge = async (descriptor: Descriptor, given: VerifyOptions): Promise<Verified | Skipped> => {
    const verdict = await verifyIn(view, { descriptor }, given);
    if (verdict.verdict === 'trusted' || allowSkipped) return verdict;
    throw bundleProblem('NOTHING_VERIFIED', `the policy skips ${artifact.repository}: nothing of it was verified`);
  };
  const verdict = await judge(artifact.descriptor, trust);
  const { metadata: _, platforms: __, ...plain } = trust;
  const referrers: VerifiedReferrer[] = [];
  for (const descriptor of artifact.referrers) referrers.push({ descriptor, verdict: await judge(descriptor, plain) });
  return { ...artifact, verdict, referrers };
}
