import type { Cache } from './cache.js';
import { createAttempt, type SharedCacheOptions } from './shared-cache.js';

/** The part of a Keyv that is used: that of Keyv 4 and later, whatever its store. */
export interface KeyvLike {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, ttlMs?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/** Options of {@link keyvCache}. */
export type KeyvCacheOptions = SharedCacheOptions;

/**
 * A Keyv as a {@link Cache} of text, so that many processes share what they found out through Redis and the like. A store that
 * fails, hangs or holds something that is not a string counts as one that forgot. Give the Keyv an `error` listener, as Keyv asks.
 *
 * @example
 * ```ts
 * const keyv = new Keyv({ store: new KeyvRedis('redis://cache.example:6379'), namespace: 'verdicts' });
 * keyv.on('error', (error) => console.warn(error));
 * const verifier = createCachedVerifier({ cache: keyvCache(keyv) });
 * ```
 */
export function keyvCache(keyv: KeyvLike, options: KeyvCacheOptions = {}): Cache<string> {
  const attempt = createAttempt(options);
  return {
    async get(key) {
      const value = await attempt(() => keyv.get(key));
      return typeof value === 'string' ? value : undefined;
    },
    set: (key, value, ttlMs) => attempt(() => keyv.set(key, value, ttlMs)),
    delete: (key) => attempt(() => keyv.delete(key)),
  };
}
