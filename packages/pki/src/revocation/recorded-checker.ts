import type { RevocationChecker } from './checker.js';
import { checkerOver } from './checker-over.js';
import { createRevocationChecker, type JudgingOptions, type RevocationCheckerOptions } from './http-checker.js';
import { type RecordedAnswer, recordedSource } from './recorded.js';

/** What {@link offlineRevocationChecker} rests on. */
export interface OfflineRevocationOptions extends JudgingOptions {
  readonly answers: readonly RecordedAnswer[];
}

/**
 * Checks revocation by recorded answers alone. They are verified like fresh ones. With `maxAgeMs`, their `nextUpdate` may be
 * past as long as their `thisUpdate` is no older; the evidence says how old each one is.
 */
export function offlineRevocationChecker(options: OfflineRevocationOptions): RevocationChecker {
  const allowStale = options.maxAgeMs !== undefined;
  return checkerOver(recordedSource(options.answers), { ...options, allowStale });
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
  return { ...createRevocationChecker({ ...options, onAnswer }), answers };
}
