/** How versions of one ecosystem are read and ordered. */
export interface VersionScheme {
  /** Whether a text is a version here; only such texts may be compared. */
  isValid(version: string): boolean;
  /** Negative, zero or positive, as `a` is lower than, equal to, or higher than `b`. */
  compare(a: string, b: string): number;
}

/** Order of two runs of digits of any length. */
export function compareDigits(a: string, b: string): number {
  const x = a.replace(/^0+/, '');
  const y = b.replace(/^0+/, '');
  if (x.length !== y.length) return x.length - y.length;
  return x < y ? -1 : x > y ? 1 : 0;
}
