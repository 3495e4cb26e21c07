/** Which stage a name means. A name may stand several times; with many stages, no list is searched from one end to the other. */
export class StageNames {
  readonly #indexes = new Map<string, number[]>();

  constructor(names: readonly string[]) {
    for (const [index, name] of names.entries()) {
      const indexes = this.#indexes.get(name);
      if (indexes === undefined) this.#indexes.set(name, [index]);
      else indexes.push(index);
    }
  }

  /** The last stage of a name, -1 where there is none. */
  last(name: string): number {
    return this.#indexes.get(name)?.at(-1) ?? -1;
  }

  /** The last stage of a name before another stage, -1 where there is none. */
  lastBefore(name: string, index: number): number {
    const indexes = this.#indexes.get(name) ?? [];
    let [low, high] = [0, indexes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((indexes[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return indexes[low - 1] ?? -1;
  }
}
