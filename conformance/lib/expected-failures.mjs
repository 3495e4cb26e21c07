// What an implementation is known to decide otherwise, each with its reason. A list that is no longer true fails the run.
import { readFileSync } from 'node:fs';
import { matches } from './cases.mjs';

/** `{ cases: [patterns], reason }` entries of a file; none without a file. */
export function readExpectedFailures(file) {
  if (file === undefined) return [];
  const { expectedFailures } = JSON.parse(readFileSync(file, 'utf8'));
  const unexplained = expectedFailures.filter(({ reason }) => typeof reason !== 'string' || reason === '');
  if (unexplained.length > 0) throw new Error(`${file}: every expected failure has a reason`);
  return expectedFailures;
}

/** Results with the list applied: a listed failure is `xfailed` with its reason, a listed pass is `xpassed`, which is a failure. */
export function applyExpectedFailures(results, list) {
  return results.map((one) => {
    const row = list.find(({ cases }) => cases.some((pattern) => matches(pattern, one.id)));
    if (row === undefined || one.result === 'skipped') return one;
    return one.result === 'failed'
      ? { ...one, result: 'xfailed', reason: row.reason }
      : { ...one, result: 'xpassed', difference: `passes, but is listed as an expected failure: ${row.reason}` };
  });
}

/** Patterns that name no case at all. */
export function unusedPatterns(ids, list) {
  return list.flatMap(({ cases }) => cases).filter((pattern) => !ids.some((id) => matches(pattern, id)));
}
