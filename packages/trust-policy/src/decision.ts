import { type NonEmpty, quote, type VerdictName } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { describeFact } from './describe/fact.js';
import { TrustError, type TrustErrorCode } from './errors.js';
import type { CountedSigner } from './extended/signers.js';
import type { TrustReport } from './report/report.js';
import { summarize } from './report/summarize.js';
import type { TrustedSignature } from './trusted-signature.js';

/** What every decision on an artifact tells. */
export interface DecidedArtifact {
  /** What was decided about: exactly this content. */
  readonly subject: Descriptor;
  readonly report: TrustReport;
  /** With several signers a report for each of them, in the policy's order. */
  readonly reports: readonly TrustReport[];
}

/** Enough signatures are trusted. */
export interface TrustedDecision extends DecidedArtifact {
  readonly verdict: 'trusted';
  /** With `examine: 'all'` every trusted signature, else those that were enough. */
  readonly signatures: NonEmpty<TrustedSignature>;
  /** The signers that count, each with the signature that makes it count: as many as the policy requires, or more. */
  readonly signers: NonEmpty<CountedSigner>;
}

/** The policy says to look away. */
export interface SkippedDecision extends DecidedArtifact {
  readonly verdict: 'skipped';
}

/** Not trusted: never a yes. */
export interface RefusedDecision extends DecidedArtifact {
  /** `undecided`: something could not be found out, so that the same question may have another answer in a moment. It refuses too. */
  readonly verdict: Extract<VerdictName, 'refused' | 'undecided'>;
  readonly code: TrustErrorCode;
}

/** What a policy says of an artifact: a value that is `trusted` only with the signatures that make it so. */
export type TrustDecision = TrustedDecision | SkippedDecision | RefusedDecision;

/**
 * Passes on a decision that is `trusted` or `skipped`, which are two: `skipped` never stands for `trusted`.
 *
 * @throws {TrustError} `ERR_TRUST_NO_SIGNATURE`, `ERR_TRUST_TOO_MANY_SIGNATURES`, `ERR_TRUST_NOT_VERIFIED`, with the report
 */
export function checkTrusted(decision: TrustDecision): TrustedDecision | SkippedDecision {
  if (decision.verdict === 'skipped') return decision;
  // What comes from elsewhere than `decideTrust` is not believed without its proof.
  if (decision.verdict === 'trusted' && decision.signatures.length > 0) return decision;
  throw refusalOf(decision);
}

/** The error that a decision which is not `trusted` stands for. */
export function refusalOf(decision: TrustDecision): TrustError {
  const { report } = decision;
  const code = 'code' in decision ? decision.code : 'ERR_TRUST_NOT_VERIFIED';
  const { subject, policy } = report;
  const name = subject.kind === 'artifact' ? `${subject.repository}@${subject.digest}` : 'the blob';
  const why = report.fact === undefined ? summarize(report) : describeFact(report.fact).message;
  const message = `${quote(name)} is not trusted under the statement ${quote(policy.statement)}: ${why}`;
  return new TrustError(code, message, { detail: { report, statement: policy.statement } });
}
