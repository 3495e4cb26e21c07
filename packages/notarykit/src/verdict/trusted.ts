import { type NonEmpty, quote } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import {
  type CountedSigner,
  checkTrusted,
  type TrustDecision,
  TrustError,
  type TrustedSignature,
  type TrustReport,
} from '@notarykit/trust-policy/internal';

/** A trusted artifact: the digest of `descriptor` is what was verified. */
export interface TrustedArtifact {
  readonly verdict: 'trusted';
  readonly descriptor: Descriptor;
  readonly signature: TrustedSignature;
  /** The signatures that were enough; with `examine: 'all'` every trusted one. */
  readonly signatures: NonEmpty<TrustedSignature>;
  /** The signers that count, each with the signature that makes it count. */
  readonly signers: NonEmpty<CountedSigner>;
  readonly report: TrustReport;
}

/** The policy says to verify nothing: not trusted, and not refused. */
export interface SkippedArtifact {
  readonly verdict: 'skipped';
  readonly descriptor: Descriptor;
  readonly report: TrustReport;
}

/**
 * The artifact of a decision.
 *
 * @throws {TrustError} when it is neither trusted nor skipped, with the report
 */
export function decided(decision: TrustDecision): TrustedArtifact | SkippedArtifact {
  const checked = checkTrusted(decision);
  const { subject: descriptor, report } = checked;
  if (checked.verdict === 'skipped') return { verdict: 'skipped', descriptor, report };
  const { signatures, signers } = checked;
  return { verdict: 'trusted', descriptor, signature: signatures[0], signatures, signers, report };
}

/**
 * Refuses what the policy skips, for callers that go on only with trusted artifacts: nothing was verified, so this is not a yes.
 *
 * @throws {TrustError} `ERR_TRUST_NOT_VERIFIED` with the report, unless `allowSkipped`
 */
export function checkNotSkipped(
  { verdict, report }: { readonly verdict: 'trusted' | 'skipped'; readonly report: TrustReport },
  allowSkipped = false,
): void {
  if (verdict !== 'skipped' || allowSkipped) return;
  const { statement } = report.policy;
  const message = `the statement ${quote(statement)} skips verification, so nothing is trusted; set "allowSkipped" to continue without verification`;
  throw new TrustError('ERR_TRUST_NOT_VERIFIED', message, { detail: { report, statement } });
}
