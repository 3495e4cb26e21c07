import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryCache } from './cache.js';
import { memoized } from './memo.js';
import { RecentMap } from './recent-map.js';

afterEach(() => vi.restoreAllMocks());

describe('RecentMap', () => {
  it('removes what was used longest ago', () => {
    const map = new RecentMap<string, number>();
    for (const [i, key] of ['a', 'b', 'c', 'd'].entries()) map.set(key, i);
    expect(map.get('a')).toBe(0);
    map.set('b', 9);
    expect([1, 2, 3, 4, 5].map(() => map.deleteOldest())).toEqual([2, 3, 0, 9, undefined]);
    expect(map.size).toBe(0);
  });

  it('does the same as a plain map in the order of use', () => {
    const step = fc.tuple(fc.constantFrom('get', 'set', 'delete', 'oldest'), fc.nat(5));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const map = new RecentMap<number, number>();
        const plain = new Map<number, number>();
        for (const [i, [what, key]] of steps.entries()) {
          const known = plain.get(key);
          if (what === 'get') {
            expect(map.get(key)).toBe(known);
            if (plain.delete(key)) plain.set(key, known as number);
          } else if (what === 'set') {
            map.set(key, i);
            plain.delete(key);
            plain.set(key, i);
          } else if (what === 'delete') expect(map.delete(key)).toBe(plain.delete(key));
          else {
            const [first] = plain;
            expect(map.deleteOldest()).toBe(first?.[1]);
            if (first !== undefined) plain.delete(first[0]);
          }
          expect(map.size).toBe(plain.size);
        }
      }),
    );
  });

  // The first key of a Map lies behind all that were deleted: whoever asks for it once per entry pays for the square.
  it('never iterates over its entries', async () => {
    const walks = (['keys', 'values', 'entries', Symbol.iterator] as const).map((name) =>
      vi.spyOn(Map.prototype, name as 'keys'),
    );
    const cache = memoryCache<number>({ maxEntries: 10 });
    const double = memoized((text) => text.repeat(2), 10);
    for (let i = 0; i < 100; i++) {
      await cache.set(`${i}`, i);
      double(`${i}`);
    }
    for (const walk of walks) expect(walk).not.toHaveBeenCalled();
    expect(await cache.get('99')).toBe(99);
    expect(await cache.get('89')).toBeUndefined();
  });
});
