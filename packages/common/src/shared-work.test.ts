import { describe, expect, it } from 'vitest';
import type { Cache } from './cache.js';
import { shareWork } from './shared-work.js';

/** A store that never lets a text go by itself, as one that was poisoned does not. */
function store() {
  const texts = new Map<string, string>();
  const cache: Cache<string> = {
    get: async (key) => texts.get(key),
    set: async (key, text) => texts.set(key, text),
    delete: async (key) => texts.delete(key),
    add: async (key, text) => (texts.has(key) ? false : texts.set(key, text) !== undefined),
  };
  return { texts, cache };
}

const long = 10 * 60_000;
const none = async (): Promise<undefined> => undefined;

describe('shareWork', () => {
  it('lets one work and the other wait for what it finds', async () => {
    const { texts, cache } = store();
    let runs = 0;
    const share = () =>
      shareWork(cache, 'a', {
        waitMs: long,
        markMs: long,
        signal: undefined,
        recall: cache.get.bind(cache, 'found'),
        work: async () => {
          runs++;
          await expect.poll(() => texts.has('a:work'), { timeout: 30_000 }).toBe(true);
          await cache.set('found', 'result');
          return 'result';
        },
      });
    expect(await Promise.all([share(), share()])).toEqual(['result', 'result']);
    expect(runs).toBe(1);
    expect(texts.has('a:work')).toBe(false);
  });

  const died = `under way ${'0'.repeat(32)} 3`;

  it.each([died, 'what no worker writes'])(
    'D14 takes over a mark that is not renewed, and removes it: %s',
    async (left) => {
      const { texts, cache } = store();
      texts.set('a:work', left);
      const work = async (): Promise<string> => 'own';
      expect(await shareWork(cache, 'a', { waitMs: long, markMs: 20, signal: undefined, recall: none, work })).toBe(
        'own',
      );
      expect(texts.size).toBe(0);
    },
  );

  it.each([
    ['is not a mark, at once', 'garbage 0', (i: number) => `garbage ${i}`],
    ["is another's each time", died, (i: number) => `under way ${`${i}`.padStart(32, '0')} 1`],
    ['becomes garbage', died, () => '{}'],
  ])('D14 does not wait for what %s', async (_, first, next) => {
    const { texts, cache } = store();
    texts.set('a:work', first);
    let i = 0;
    const changing: Cache<string> = {
      ...cache,
      get: async (key) => {
        const found = texts.get(key);
        if (key === 'a:work') texts.set(key, next(++i));
        return found;
      },
    };
    const work = async (): Promise<string> => 'own';
    const options = { waitMs: 1000, markMs: long, signal: undefined, recall: none, work };
    expect(await shareWork(changing, 'a', options)).toBe('own');
    expect(i).toBeLessThan(3);
  });

  it('D14 waits for a process that renews its mark, up to its limit', async () => {
    const { cache } = store();
    let end = (): void => undefined;
    const ended = new Promise<void>((done) => {
      end = done;
    });
    const first = shareWork(cache, 'a', {
      waitMs: long,
      markMs: 60,
      signal: undefined,
      recall: none,
      work: async () => {
        await ended;
        return 'first';
      },
    });
    const began = performance.now();
    const work = async (): Promise<string> => 'second';
    const second = await shareWork(cache, 'a', { waitMs: 500, markMs: 60_000, signal: undefined, recall: none, work });
    expect(second).toBe('second');
    expect(performance.now() - began).toBeGreaterThanOrEqual(499);
    end();
    expect(await first).toBe('first');
  });
});
