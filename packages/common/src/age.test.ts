import { afterEach, describe, expect, it, vi } from 'vitest';
import { clockOf, isOver } from './age.js';
import { memoryCache } from './cache.js';

const hour = 3_600_000;
afterEach(() => vi.restoreAllMocks());

/** The two clocks of this process, under the test's control. */
function clocks() {
  const at = { passed: 1_000, date: Date.UTC(2026, 0, 1) };
  vi.spyOn(performance, 'now').mockImplementation(() => at.passed);
  vi.spyOn(Date, 'now').mockImplementation(() => at.date);
  return at;
}

describe('D11 an age', () => {
  it.each([
    ['nothing passed', 0, 0, false],
    ['time passed', 300, 300, true],
    ['the clock was put back meanwhile, by an hour', 300, 300 - hour, true],
    ['the clock was put back by a day', 1, 1 - 24 * hour, true],
    ['the clock was put forward', 1, hour, true],
    ['the machine slept', 0, hour, true],
    ['the date is a little slow', 300, 10, true],
  ])('when %s', (_, passed, date, over) => {
    const since = { passed: 5, date: 7 };
    expect(isOver(since, 300, { passed: 5 + passed, date: 7 + date })).toBe(over);
  });

  it.each([-24 * hour, -hour, hour, 24 * hour])(
    'ends a cache entry on time although the clock steps by %i ms',
    async (step) => {
      const at = clocks();
      const cache = memoryCache<string>();
      await cache.set('a', 'trusted', 300);
      at.date += step;
      at.passed += 300;
      expect(await cache.get('a')).toBeUndefined();
    },
  );

  it('ends an entry dated in the future, and keeps one that has not ended', async () => {
    const at = clocks();
    const cache = memoryCache<string>();
    await cache.set('a', 'trusted', 300);
    at.passed += 1;
    at.date += 1;
    expect(await cache.get('a')).toBe('trusted');
    at.date -= hour;
    expect(await cache.get('a')).toBeUndefined();
  });

  it('is measured by the clock that is given', () => {
    let time = 0;
    const clock = clockOf(() => time);
    const since = clock();
    time = 299;
    expect(isOver(since, 300, clock())).toBe(false);
    time = 300;
    expect(isOver(since, 300, clock())).toBe(true);
  });
});
