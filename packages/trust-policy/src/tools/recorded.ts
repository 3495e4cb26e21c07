import { isVerdictName, quote, type VerdictName } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import type { SignatureCandidate } from '../candidate.js';
import { TrustError } from '../errors.js';
import type { TrustReport } from '../report/report.js';

/** A verdict of the past with the candidates that led to it: enough to ask what another policy would have said. */
export interface RecordedOutcome {
  readonly repository: string;
  /** What the statement was selected by, where that was not the repository. */
  readonly scope?: string;
  readonly descriptor: Descriptor;
  /** Tags that named it then. */
  readonly tags?: readonly string[];
  /** As of when it was verified, RFC 3339. */
  readonly at: string;
  readonly verdict: VerdictName;
  /** Why it was not trusted, where that is known: `ERR_TRUST_NO_STATEMENT` where no statement of the policy applied. */
  readonly code?: string;
  /** In the order in which they were listed. */
  readonly candidates: readonly SignatureCandidate[];
}

/**
 * The outcome of a report, with the candidates that led to it.
 *
 * @throws {TrustError} `ERR_TRUST_POLICY` for a report on a blob, and for one whose verdict is none of {@link VerdictName}
 */
export function recordedOutcome(report: TrustReport, candidates: readonly SignatureCandidate[]): RecordedOutcome {
  const { subject, at, now, verdict } = report;
  if (subject.kind !== 'artifact') throw unlike('expected a report on an artifact, found one on a blob');
  // Reports of earlier versions had other words, and a word that is not known is never a yes.
  if (!isVerdictName(verdict)) throw unlike(`expected the report of a verdict, found ${quote(verdict)}`);
  const { repository, mediaType, digest, size } = subject;
  const descriptor = { mediaType, digest, size } as Descriptor;
  return { repository, descriptor, at: at ?? now, verdict, candidates };
}

function unlike(message: string): TrustError {
  return new TrustError('ERR_TRUST_POLICY', message, { detail: { rule: 'type', member: 'report' } });
}
