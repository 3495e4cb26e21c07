import KeyvRedis from '@keyv/redis';
import { type Cache, keyvCache, type Logger } from '@notarykit/common';
import Keyv from 'keyv';

/** Verdicts that all replicas share. A Redis that is down counts as empty: the gate goes on, and only verifies more often. */
export function sharedCache(url: string, logger: Logger): { readonly cache: Cache<string>; close(): Promise<void> } {
  const store = new KeyvRedis<string>(url);
  const keyv = new Keyv({ store, namespace: 'notarykit' });
  // The text of the error may hold the URL, and with it the password.
  keyv.on('error', () => logger.warn?.('the shared cache failed'));
  const close = async (): Promise<void> => {
    await store.disconnect(true);
  };
  return { cache: keyvCache(keyv, { timeoutMs: 500 }), close };
}
