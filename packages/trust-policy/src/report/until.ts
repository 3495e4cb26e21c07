import { formatTime } from '@notarykit/common/internal';
import type { ValidUntil } from './report.js';

/** The first of some ends: a verdict that rests on all of them ends with it. */
export function earliestUntil(untils: readonly (ValidUntil | undefined)[]): ValidUntil | undefined {
  return untils
    .filter((until) => until !== undefined)
    .reduce<ValidUntil | undefined>(
      (first, next) => (first === undefined || new Date(next.time) < new Date(first.time) ? next : first),
      undefined,
    );
}

/** The end of a statement that has one. */
export function untilOfStatement(expires: Date | undefined): ValidUntil | undefined {
  return expires === undefined ? undefined : { time: formatTime(expires), reason: 'statementExpiry' };
}
