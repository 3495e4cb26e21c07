import type { Case, Verdict } from './case.js';
import type { Row } from './row.js';

/** How two verdicts stand to each other, seen from ours. */
export type Difference = 'equal' | 'wider' | 'stricter' | 'named';

const isAccepted = ({ verdict }: Verdict): boolean => verdict === 'trusted' || verdict === 'skipped';

/**
 * Compares two verdicts. Whoever logs more failures is the stricter side: under another level they refuse. `named`: both
 * refuse, for another reason.
 */
export function compareVerdicts(we: Verdict, they: Verdict): Difference {
  if (isAccepted(we) !== isAccepted(they)) return isAccepted(we) ? 'wider' : 'stricter';
  const same = we.verdict === they.verdict && we.failed === they.failed && isSubset(we.logged, they.logged);
  if (same && isSubset(they.logged, we.logged)) return 'equal';
  if (!isAccepted(we)) return 'named';
  return we.verdict === they.verdict && isSubset(they.logged, we.logged) ? 'stricter' : 'wider';
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

/** The row that explains a difference, if one does. */
export function explain(
  { rows: own = [] }: Pick<Case, 'rows'>,
  difference: Difference,
  [we, they]: readonly [Verdict, Verdict],
  rows: readonly Row[],
): Row | undefined {
  return rows.find((row) => (row.named === undefined || own.includes(row.id)) && fits(row, difference, we, they));
}

function fits(row: Row, difference: Difference, we: Verdict, they: Verdict): boolean {
  const ours = row.ours?.test(we.reason) ?? false;
  const theirs = row.theirs?.test(they.reason) ?? false;
  // Both refuse: whichever of the two alone does so is the reason why they differ.
  if (difference === 'named') return ours || theirs;
  if (difference === 'stricter') return row.side === 'stricter' && ours;
  return row.side === 'tolerant' && theirs;
}
