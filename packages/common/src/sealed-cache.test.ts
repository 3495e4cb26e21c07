import { beforeEach, describe, expect, it } from 'vitest';
import { type Cache, memoryCache } from './cache.js';
import { sealedCache } from './sealed-cache.js';

const secret = new Uint8Array(32).fill(7);
let stored: Map<string, string>;
let time: number;
let cache: Cache<string>;

const store: Cache<string> = {
  get: async (key) => stored.get(key),
  set: async (key, value) => stored.set(key, value),
  delete: async (key) => stored.delete(key),
};

beforeEach(() => {
  stored = new Map();
  time = 1000;
  cache = sealedCache(store, { secret, now: () => time });
});

describe('sealedCache', () => {
  it.each([
    ['x'.repeat(40), 'ERR_CODEC_BYTES'],
    [Array(32).fill(7), 'ERR_CODEC_BYTES'],
    [undefined, 'ERR_CODEC_BYTES'],
    [new Uint16Array(32).fill(7), 'ERR_CODEC_BYTES'],
    [new Uint8Array(31).fill(7), 'ERR_CODEC_LIMIT'],
    [new Uint8Array(32), 'ERR_CODEC_LIMIT'],
  ])('a secret that is not random bytes is refused: case %#', (wrong, code) => {
    expect(() => sealedCache(store, { secret: wrong as Uint8Array })).toThrow(expect.objectContaining({ code }));
  });

  it.each([Number.NaN, '500', null])(
    'a life that is not a number is refused, and nothing is kept: %s',
    async (life) => {
      const refused = { code: 'ERR_CODEC_LIMIT' };
      await expect(cache.set('a', 'text', life as number)).rejects.toMatchObject(refused);
      await expect(memoryCache<string>().set('a', 'text', life as number)).rejects.toMatchObject(refused);
      expect(stored.size).toBe(0);
    },
  );

  it('gives back what was set, until its end', async () => {
    await cache.set('a', 'text', 500);
    await cache.set('b', '');
    expect([await cache.get('a'), await cache.get('b'), await cache.get('c')]).toEqual(['text', '', undefined]);
    // The end is under the seal: a store that keeps an entry for longer changes nothing.
    time = 1500;
    expect([await cache.get('a'), await cache.get('b')]).toEqual([undefined, '']);
    await cache.delete('b');
    expect(await cache.get('b')).toBeUndefined();
  });

  it('D11 an entry of the future is absent: the clock was put back since', async () => {
    await cache.set('a', 'text', 500);
    time = 1000 - 3_600_000;
    expect(await cache.get('a')).toBeUndefined();
    // The clocks of two machines are never quite the same.
    time = 1000 - 4_000;
    expect(await cache.get('a')).toBe('text');
  });

  it('another secret, another key, another text or another end: absent', async () => {
    await cache.set('a', 'text', 500);
    const entry = stored.get('a') ?? '';
    const parsed = JSON.parse(entry) as Record<string, unknown>;
    const forged = [
      '',
      'text',
      'null',
      '[]',
      '{}',
      `${entry} x`,
      ...[
        { text: 'other' },
        { until: 9999 },
        { until: null },
        { until: '1500' },
        { since: 0 },
        { since: null },
        { mac: 'AAAA' },
        { mac: '' },
        { mac: '*' },
        { format: '' },
      ].map((patch) => JSON.stringify({ ...parsed, ...patch })),
    ];
    for (const text of forged) {
      stored.set('a', text);
      expect(await cache.get('a'), text).toBeUndefined();
    }
    stored.set('a', entry);
    stored.set('b', entry);
    expect([await cache.get('a'), await cache.get('b')]).toEqual(['text', undefined]);
    const stranger = sealedCache(store, { secret: new Uint8Array(32).fill(8), now: () => time });
    expect(await stranger.get('a')).toBeUndefined();
  });

  it('refuses a secret that could be guessed', () => {
    const make = (): unknown => sealedCache(store, { secret: secret.slice(1) });
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_CODEC_LIMIT' }));
  });

  it('has "add" where the store has', async () => {
    expect(cache.add).toBeUndefined();
    const adding: Cache<string> = {
      ...store,
      add: async (key, value) => !stored.has(key) && stored.set(key, value) === stored,
    };
    const sealed = sealedCache(adding, { secret });
    expect([await sealed.add?.('a', 'one'), await sealed.add?.('a', 'two')]).toEqual([true, false]);
    expect(await sealed.get('a')).toBe('one');
  });
});
