import { defined } from '@notarykit/common/internal';
import type { RecordedAnswer } from '@notarykit/pki/internal';
import type { RecordedOutcome } from '@notarykit/trust-policy/internal';
import { NotaryKitError } from '../../errors.js';

/** What could not be recorded, and why: no policy can be tried on it. */
export interface UnrecordedOutcome {
  readonly repository: string;
  /** Absent where a tag could not be resolved. */
  readonly digest?: string;
  readonly tags: readonly string[];
  readonly code: string;
  readonly message: string;
}

/** What an audit saw. */
export interface AuditRecord {
  readonly outcomes: readonly RecordedOutcome[];
  /** What authorities said about revocation: for `offlineRevocationChecker`, which accepts an answer only if its signature holds. */
  readonly answers: readonly RecordedAnswer[];
  readonly unrecorded: readonly UnrecordedOutcome[];
}

/** Where an audit records what it sees. */
export interface AuditRecorder {
  outcome(outcome: RecordedOutcome): Promise<void>;
  unrecorded(problem: UnrecordedOutcome): Promise<void>;
}

/** Types of the lines of a record. */
export const lineTypes = { outcome: 'outcome', answer: 'answer', unrecorded: 'unrecorded', end: 'end' } as const;

/** A record that cannot be read: it may lack what would have flipped. */
export function recordProblem(line: number, message: string, cause?: unknown): NotaryKitError {
  const options = defined({ cause });
  return new NotaryKitError('ERR_NOTARYKIT_RECORD', `line ${line} of the record: ${message}`, options);
}
