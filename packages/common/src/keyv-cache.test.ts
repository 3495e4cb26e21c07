import { describe, expect, it } from 'vitest';
import { type KeyvLike, keyvCache } from './keyv-cache.js';

const silent = new Promise<never>(() => undefined);

describe('keyvCache', () => {
  it('passes on keys, values and lifetimes', async () => {
    const calls: unknown[] = [];
    const keyv: KeyvLike = {
      get: async (key) => calls.push(['get', key]) && 'text',
      set: async (...args) => calls.push(['set', ...args]),
      delete: async (key) => calls.push(['delete', key]),
    };
    const cache = keyvCache(keyv);
    expect(await cache.get('a')).toBe('text');
    await cache.set('b', 'text', 5);
    await cache.delete('c');
    expect(calls).toEqual([
      ['get', 'a'],
      ['set', 'b', 'text', 5],
      ['delete', 'c'],
    ]);
  });

  it.each([null, undefined, 7, {}, ['text'], new Uint8Array(3)])(
    'what is not a string counts as absent: %o',
    async (value) => {
      const keyv: KeyvLike = { get: async () => value, set: async () => true, delete: async () => true };
      expect(await keyvCache(keyv).get('a')).toBeUndefined();
    },
  );

  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', () => silent],
    [
      'throws',
      () => {
        throw new Error('closed');
      },
    ],
  ])('a store that %s counts as one that forgot, and is reported', async (_, call) => {
    const errors: unknown[] = [];
    const keyv: KeyvLike = { get: call, set: call, delete: call };
    const cache = keyvCache(keyv, { timeoutMs: 1, onError: (error) => errors.push(error) });
    expect(await cache.get('a')).toBeUndefined();
    await cache.set('a', 'text');
    await cache.delete('a');
    expect(errors).toHaveLength(3);
  });
});
