import KeyvRedis from '@keyv/redis';
import { type Cache, keyvCache, redisCache, sealedCache } from '@notarykit/common';
import Keyv from 'keyv';

/** A cache in Redis that was opened. */
export interface OpenedCache {
  readonly cache: Cache<string>;
  close(): Promise<void>;
}

/** These workers do nothing else meanwhile; what serves requests keeps the default of one second. */
const patience = { timeoutMs: 15_000 };

/**
 * Verdicts in Redis through Keyv, sealed: anyone who can write to Redis but does not know the secret can make workers verify again,
 * and nothing else.
 */
export function openKeyvCache(url: string, secret: Uint8Array): OpenedCache {
  const store = new KeyvRedis<string>(url);
  const keyv = new Keyv({ store, namespace: 'verdicts' });
  keyv.on('error', (error: Error) => console.error(`redis: ${error.message}`));
  return { cache: sealedCache(keyvCache(keyv, patience), { secret }), close: () => store.disconnect(true) };
}

/** The same through the client below Keyv, which can also set a key only where there is none: equal work is done once. */
export async function openRedisCache(url: string, secret: Uint8Array): Promise<OpenedCache> {
  const store = new KeyvRedis<string>(url);
  store.on('error', (error: Error) => console.error(`redis: ${error.message}`));
  const client = await store.getClient();
  if (!('del' in client) || !('get' in client)) throw new Error('expected a client of one Redis server');
  return {
    cache: sealedCache(redisCache(client as Parameters<typeof redisCache>[0], patience), { secret }),
    close: () => store.disconnect(true),
  };
}
