/**
 * Order of two texts by code unit, the same on every machine and in every language.
 *
 * @returns a negative number, 0, or a positive number
 */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
