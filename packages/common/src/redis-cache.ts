import type { Cache } from './cache.js';
import { createAttempt, type SharedCacheOptions } from './shared-cache.js';

/** The part of a client of Redis that is used, as node-redis has it. */
export interface RedisLike {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, options?: { PX?: number; NX?: true }): Promise<unknown>;
  del(key: string): Promise<unknown>;
}

/** Options of {@link redisCache}. */
export interface RedisCacheOptions extends SharedCacheOptions {
  /** Comes before every key. Default `notarykit:`. */
  readonly prefix?: string;
}

/**
 * A Redis as a {@link Cache} of text. More than {@link keyvCache}: it has `add`, so that of many processes which need the same, one
 * does the work and the others wait for it. Failures and delays count as a cache that forgot.
 *
 * @example
 * ```ts
 * const client = createClient({ url: 'redis://cache.example:6379' });
 * client.on('error', (error) => console.warn(error));
 * await client.connect();
 * const verifier = createCachedVerifier({ cache: redisCache(client) });
 * ```
 */
export function redisCache(client: RedisLike, options: RedisCacheOptions = {}): Cache<string> {
  const { prefix = 'notarykit:' } = options;
  const attempt = createAttempt(options);
  const ending = (ttlMs: number | undefined): { PX?: number } =>
    ttlMs === undefined ? {} : { PX: Math.max(1, Math.ceil(ttlMs)) };
  return {
    async get(key) {
      const value = await attempt(() => client.get(prefix + key));
      return typeof value === 'string' ? value : undefined;
    },
    set: (key, value, ttlMs) => attempt(() => client.set(prefix + key, value, ending(ttlMs))),
    delete: (key) => attempt(() => client.del(prefix + key)),
    // Redis answers `null` when the key is there; who gets no answer must not wait for somebody else.
    add: async (key, value, ttlMs) =>
      (await attempt(() => client.set(prefix + key, value, { NX: true, ...ending(ttlMs) }))) !== null,
  };
}
