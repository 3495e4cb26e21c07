import { defined } from '@notarykit/common/internal';
import { type BlobContent, describeBlob } from '@notarykit/signature-envelope/internal';
import type { BlobTrustPolicy } from './document/policy.js';
import { TrustError } from './errors.js';
import type { TrustReport } from './report/report.js';
import { summarize } from './report/summarize.js';
import { buildReport, policyReport } from './report/trust-report.js';
import { verdictOnFailure } from './report/undecided.js';
import { requireBlobPolicy, requireStore } from './require.js';
import { selectBlobStatement } from './select.js';
import type { ExpectedTarget } from './validations/target.js';
import { type SignatureOutcome, type TrustOptions, verifySignature, wholeSeconds } from './verify-signature.js';

/** Options of {@link verifyBlobSignature}. */
export interface VerifyBlobOptions extends TrustOptions {
  readonly policy: BlobTrustPolicy;
  /** Name of the statement. Default: the global one. */
  readonly policyName?: string;
  /** Media type of the envelope. */
  readonly mediaType: string;
  /** When given, the signed media type of the blob must be this one. */
  readonly contentMediaType?: string;
}

/** A trusted blob. */
export interface TrustedBlob {
  readonly verdict: 'trusted';
  readonly signature: SignatureOutcome;
  readonly report: TrustReport;
}

/** The policy says to verify nothing: the blob was not even read. */
export interface SkippedBlob {
  readonly verdict: 'skipped';
  readonly report: TrustReport;
}

/**
 * Verifies the signature of a blob. The content is read once, and only when everything else holds.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`, `ERR_TRUST_NOT_VERIFIED` (with the report)
 */
export async function verifyBlobSignature(
  content: BlobContent,
  signature: Uint8Array,
  options: VerifyBlobOptions,
): Promise<TrustedBlob | SkippedBlob> {
  requireBlobPolicy(options.policy);
  requireStore(options.trustStore);
  const selection = selectBlobStatement(options.policy, options.policyName);
  const now = wholeSeconds(options.now ?? new Date());
  const at = wholeSeconds(options.at ?? now);
  const policy = policyReport(options.policy, selection);
  const parts = { now, at, policy };
  if (selection.statement.level.base === 'skip')
    return { verdict: 'skipped', report: buildReport({ ...parts, verdict: 'skipped', subject: { kind: 'blob' } }) };
  let measured: ExpectedTarget | undefined;
  const outcome = await verifySignature(signature, {
    ...options,
    now,
    at,
    statement: selection.statement,
    target: async ({ algorithm }) => {
      const call = defined({ signal: options.signal });
      const { digest, size } = await describeBlob(content, { digestAlgorithm: algorithm.hash, ...call });
      measured = { digest, size, ...contentType(options) };
      return measured;
    },
  });
  const verdict = outcome.trusted ? 'trusted' : verdictOnFailure(outcome.report);
  const report = buildReport({
    ...parts,
    verdict,
    subject: { kind: 'blob', ...measured },
    signatures: [outcome.report],
    validUntil: outcome.report.validUntil,
  });
  if (outcome.trusted) return { verdict: 'trusted', signature: outcome, report };
  throw new TrustError('ERR_TRUST_NOT_VERIFIED', `the blob is not trusted: ${summarize(report)}`, {
    detail: { report, statement: selection.statement.name },
  });
}

function contentType({ contentMediaType }: VerifyBlobOptions): { mediaType?: string } {
  return defined({ mediaType: contentMediaType });
}
