import type { Descriptor } from '@notarykit/oci';
import type { SignatureCandidate } from '../candidate.js';
import { TrustError } from '../errors.js';
import type { TrustReport } from '../report/report.js';
import { isUndecided } from '../report/undecided.js';

/** `noStatement`: no statement of the policy applied; `undecided`: something that the verdict rests on could not be found out. */
export type RecordedVerdict = TrustReport['verdict'] | 'noStatement' | 'undecided';

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
  readonly verdict: RecordedVerdict;
  /** In the order in which they were listed. */
  readonly candidates: readonly SignatureCandidate[];
}

/**
 * The outcome that a report tells of, with the candidates that led to it.
 *
 * @throws {TrustError} `ERR_TRUST_POLICY` for a report on a blob
 */
export function recordedOutcome(report: TrustReport, candidates: readonly SignatureCandidate[]): RecordedOutcome {
  const { subject, at, now } = report;
  if (subject.kind !== 'artifact')
    throw new TrustError('ERR_TRUST_POLICY', 'expected a report on an artifact, found one on a blob', {
      detail: { rule: 'type', member: 'report' },
    });
  const { repository, mediaType, digest, size } = subject;
  const descriptor = { mediaType, digest, size } as Descriptor;
  return { repository, descriptor, at: at ?? now, verdict: recordedVerdict(report), candidates };
}

/** What a report says, separate from what could not be found out. */
export function recordedVerdict(report: TrustReport): RecordedVerdict {
  return report.verdict === 'notTrusted' && isUndecided(report) ? 'undecided' : report.verdict;
}
