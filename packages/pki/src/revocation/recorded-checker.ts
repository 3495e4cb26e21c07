import type { RevocationChecker } from './checker.js';
import type { JudgingOptions, RevocationCheckerOptions } from './checker-options.js';
import { checkerOver } from './checker-over.js';
import { createRevocationChecker } from './http-checker.js';
import { identityOfRecording } from './identity.js';
import { answersAt, type RecordedAnswer, recordedSource } from './recorded.js';

/** What {@link offlineRevocationChecker} rests on. */
export interface OfflineRevocationOptions extends JudgingOptions {
  /** In any order. Of several about one certificate, the newest that was there at the time of the check is used. */
  readonly answers: readonly RecordedAnswer[];
  /** Called with every answer that a status rests on. */
  readonly onAnswer?: (answer: RecordedAnswer) => void;
}

/**
 * Checks revocation only by recorded answers. They are verified like fresh ones, and an answer from after the time of the check is
 * none. With `maxAgeMs`, their `nextUpdate` may be past as long as their `thisUpdate` is no older; the evidence says how old each
 * one is.
 */
export function offlineRevocationChecker({ answers: given, ...options }: OfflineRevocationOptions): RevocationChecker {
  const answers = [...given];
  const judging = { ...options, allowStale: options.maxAgeMs !== undefined };
  let identity: string | undefined;
  return {
    // Made when it is asked for: recordings are large, and most are used once.
    get identity() {
      identity ??= identityOfRecording({ ...options, answers });
      return identity;
    },
    check(chain, call = {}) {
      const { now = new Date() } = call;
      const source = recordedSource(answersAt(answers, now));
      return checkerOver(source, judging).check(chain, { ...call, now });
    },
  };
}

/** A checker, and the answers that its statuses rested on, for {@link offlineRevocationChecker}. */
export function recordingRevocationChecker(
  options: RevocationCheckerOptions,
): RevocationChecker & { readonly answers: readonly RecordedAnswer[] } {
  const answers: RecordedAnswer[] = [];
  const onAnswer = (answer: RecordedAnswer): void => {
    options.onAnswer?.(answer);
    const isSame = (one: RecordedAnswer): boolean => one.url === answer.url && one.certId === answer.certId;
    const place = answers.findIndex(isSame);
    answers.splice(place < 0 ? answers.length : place, 1, answer);
  };
  // It has no identity: a verdict that is remembered would record nothing.
  const { identity: _, ...checker } = createRevocationChecker({ ...options, onAnswer });
  return { ...checker, answers };
}
