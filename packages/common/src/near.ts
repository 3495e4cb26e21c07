/**
 * The name that was probably meant by one that is not known: it differs by case, or by at most two letters where it has five or more.
 * Of several the nearest.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  // Names of documents may be of any length; one that is longer than every known name by more than two letters is not a misspelling.
  const near = known
    .filter((other) => Math.abs(other.length - name.length) <= 2)
    .map((other) => ({ other, steps: distance(name.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, steps }) => steps === 0 || (other.length >= 5 && steps <= 2))
    .sort((a, b) => a.steps - b.steps);
  return near[0]?.other;
}

/** Letters that must be changed, added or taken away. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
