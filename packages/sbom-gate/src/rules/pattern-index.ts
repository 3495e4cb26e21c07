import { indexName } from './identity.js';

const size = 3;

/** A number for three letters. Those beyond ASCII may share one: what is found is only what may match. */
function gramAt(text: string, i: number): number {
  return (text.charCodeAt(i) << 14) ^ (text.charCodeAt(i + 1) << 7) ^ text.charCodeAt(i + 2);
}

/**
 * Finds the patterns that a text may match without trying each: every pattern is filed under three letters that it cannot do
 * without, those that the fewest others have. What has no three letters in a row is always tried.
 */
export class PatternIndex<T> {
  readonly #filed = new Map<number, T[]>();
  readonly #always: T[] = [];

  constructor(patterns: readonly (readonly [pattern: string, item: T])[]) {
    const grams = patterns.map(([pattern]) => gramsOf(pattern));
    const counts = new Map<number, number>();
    for (const list of grams) for (const gram of list) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    for (const [i, [, item]] of patterns.entries()) {
      const key = rarest(grams[i] ?? [], counts);
      const list = key === undefined ? this.#always : this.#filed.get(key);
      if (list !== undefined) list.push(item);
      else if (key !== undefined) this.#filed.set(key, [item]);
    }
  }

  /** Every item whose pattern may match a text, the text being folded by {@link indexName}. */
  find(folded: string, into: Set<T>): void {
    for (const item of this.#always) into.add(item);
    if (this.#filed.size === 0) return;
    for (let i = 0; i + size <= folded.length; i++) {
      const items = this.#filed.get(gramAt(folded, i));
      if (items !== undefined) for (const item of items) into.add(item);
    }
  }
}

/** The runs of three letters in the literal parts of a pattern. */
function gramsOf(pattern: string): readonly number[] {
  const grams = new Set<number>();
  for (const literal of pattern.split(/[*?]/)) {
    const folded = indexName(literal);
    for (let i = 0; i + size <= folded.length; i++) grams.add(gramAt(folded, i));
  }
  return [...grams];
}

function rarest(grams: readonly number[], counts: ReadonlyMap<number, number>): number | undefined {
  return grams.reduce<number | undefined>(
    (best, gram) => (best === undefined || (counts.get(gram) ?? 0) < (counts.get(best) ?? 0) ? gram : best),
    undefined,
  );
}
