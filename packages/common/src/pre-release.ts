import { compareText } from './compare-text.js';

/**
 * Order of two pre-releases (SemVer 2.0, 11): their identifiers in turn; numbers by value and before texts, texts by code unit, and the
 * shorter one first where one begins with the other. A version without a pre-release (no identifiers) comes after all that have one.
 *
 * @returns a negative number, 0, or a positive number
 */
export function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareIdentifiers(a[i] as string, b[i] as string);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifiers(a: string, b: string): number {
  const [x, y] = [numberIn(a), numberIn(b)];
  if (x !== undefined && y !== undefined) return x.length - y.length || compareText(x, y);
  if (x !== undefined || y !== undefined) return x === undefined ? 1 : -1;
  return compareText(a, b);
}

/** Digits without leading zeros, which are never converted: they may be longer than a double holds. */
function numberIn(identifier: string): string | undefined {
  return /^[0-9]+$/.test(identifier) ? identifier.replace(/^0+/, '') : undefined;
}
