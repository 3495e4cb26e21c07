/** Microseconds that a piece of work takes: that of the least disturbed of many short batches. */
export async function leastOf(batches: number, size: number, work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < batches; batch++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < size; i++) await work();
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1000 / size);
  }
  return least;
}

/** Pieces of work measured in turns, so that a busy machine slows all of them. */
export async function inTurns(turns: number, works: readonly (() => unknown)[]): Promise<readonly number[]> {
  const least = works.map(() => Number.POSITIVE_INFINITY);
  for (const work of works) await leastOf(1, 20, work);
  for (let turn = 0; turn < turns; turn++)
    for (const [i, work] of works.entries()) least[i] = Math.min(least[i] as number, await leastOf(4, 10, work));
  return least;
}

/** Prints a figure beside its goal. */
export function report(name: string, figure: number, goal: string): void {
  console.log(`sign.${name}: ${figure.toFixed(2)} (goal ${goal})`);
}
