/** A small generator of random numbers whose whole sequence follows from its seed, so that every failure can be had again. */
export interface Random {
  /** An integer from 0 to `limit - 1`. */
  below(limit: number): number;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** `true` once in so many times. */
  oneIn(times: number): boolean;
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** The generator of a seed (xorshift128, seeded by splitmix32). */
export function seededRandom(seed: number): Random {
  const state = new Uint32Array(4);
  let mixed = seed >>> 0;
  for (let i = 0; i < 4; i++) {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    state[i] = (word ^ (word >>> 15)) | (i === 0 ? 1 : 0);
  }
  const word = (): number => {
    const [a, , , d] = state as unknown as [number, number, number, number];
    const mixedWord = a ^ (a << 11);
    state.copyWithin(0, 1);
    state[3] = d ^ (d >>> 19) ^ mixedWord ^ (mixedWord >>> 8);
    return state[3] as number;
  };
  const below = (limit: number): number => word() % limit;
  return {
    below,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
    oneIn: (times) => below(times) === 0,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}
