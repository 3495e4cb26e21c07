import { encodeBase64 } from '@notarykit/common/internal';
import { digestOf } from '@notarykit/oci/internal';
import type { RecordedAnswer } from '@notarykit/pki/internal';
import type { RecordedOutcome, SignatureCandidate } from '@notarykit/trust-policy/internal';
import { type AuditRecorder, lineTypes } from './entry.js';

/** Writes a record, line by line. */
export interface AuditRecordWriter extends AuditRecorder {
  /** Keeps an answer about revocation: give it to a revocation checker as `onAnswer`. */
  answer(answer: RecordedAnswer): void;
  /** Writes the last line. A record without it is truncated and cannot be read, since it may lack outcomes. */
  end(): Promise<void>;
}

/**
 * Records what an audit sees as lines of JSON (JSONL). An answer about revocation comes before the outcomes that rest on it, and once.
 *
 * @param write - takes one line with its end; the next one is written when it has resolved
 *
 * @example
 * ```ts
 * const lines: string[] = [];
 * const record = createAuditRecord((line) => void lines.push(line));
 * const revocation = createRevocationChecker({ fetch, onAnswer: record.answer });
 * for await (const result of audit(repository, { policy, trustStore, revocation, record })) show(result);
 * await record.end();
 * ```
 */
export function createAuditRecord(write: (line: string) => void | Promise<void>): AuditRecordWriter {
  const known = new Set<string>();
  const waiting: string[] = [];
  let lines = 0;
  const put = async (value: object): Promise<void> => {
    for (const line of [...waiting.splice(0), lineOf(value)]) {
      lines++;
      await write(line);
    }
  };
  return {
    outcome: (outcome) => put({ type: lineTypes.outcome, ...outcomeJson(outcome) }),
    unrecorded: (problem) => put({ type: lineTypes.unrecorded, ...problem }),
    answer({ method, url, certId, answer }) {
      const name = `${method} ${url} ${certId ?? ''} ${digestOf(answer)}`;
      if (known.has(name)) return;
      known.add(name);
      waiting.push(lineOf({ type: lineTypes.answer, method, url, certId, answer: encodeBase64(answer) }));
    },
    end: () => put({ type: lineTypes.end, version: '1.0', lines: lines + waiting.length }),
  };
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

function outcomeJson({ candidates, ...outcome }: RecordedOutcome): object {
  return { ...outcome, candidates: candidates.map(candidateJson) };
}

function candidateJson(candidate: SignatureCandidate): object {
  return candidate.kind === 'envelope' ? { ...candidate, bytes: encodeBase64(candidate.bytes) } : candidate;
}
