import type { Severity } from './report.js';

const words: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['high', 'high'],
  ['important', 'high'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['low', 'low'],
  ['negligible', 'negligible'],
  ['info', 'negligible'],
  ['none', 'none'],
]);

/** The severity of a word in whatever case; an unknown word is `unknown`, never harmless. */
export function severityOf(word: unknown): Severity {
  return typeof word === 'string' ? (words.get(word.trim().toLowerCase()) ?? 'unknown') : 'unknown';
}

/** The severity of a CVSS base score (CVSS 3.1, section 5; version 2 has no critical). */
export function severityOfScore(score: number | undefined, version: 2 | 3 = 3): Severity {
  if (score === undefined || !(score >= 0 && score <= 10)) return 'unknown';
  if (version === 3 && score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'none';
}

const order: readonly Severity[] = ['unknown', 'none', 'negligible', 'low', 'medium', 'high', 'critical'];

/** Place of a severity, higher is worse; `unknown` is the lowest, so that a rule must name it. */
export function rank(severity: Severity): number {
  return order.indexOf(severity);
}

/** The highest of several scores, as a member; nothing of none. */
export function highestScore(scores: readonly number[]): { readonly score?: number } {
  return scores.length === 0 ? {} : { score: scores.reduce((a, b) => Math.max(a, b)) };
}

/** The worst of several; `unknown` if there is none. */
export function worst(severities: readonly Severity[]): Severity {
  return severities.reduce((a, b) => (rank(b) > rank(a) ? b : a), 'unknown');
}
