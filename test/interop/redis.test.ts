import KeyvRedis from '@keyv/redis';
import { keyvCache } from '@notarykit/common';
import Keyv from 'keyv';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RunningRedis, startRedis } from './support/redis.ts';

describe('redis', () => {
  let redis: RunningRedis;
  const opened: KeyvRedis<string>[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  afterEach(async () => {
    // By force: in order, it would wait for a server that is gone.
    for (const store of opened.splice(0)) await store.disconnect(true);
  });

  function connect(namespace = 'cache', url = redis.url): { store: KeyvRedis<string>; keyv: Keyv } {
    const store = new KeyvRedis<string>(url);
    const keyv = new Keyv({ store, namespace });
    keyv.on('error', () => undefined);
    opened.push(store);
    return { store, keyv };
  }

  test('what one connection sets, another one gets, until it is deleted', async () => {
    const [one, other] = [keyvCache(connect().keyv), keyvCache(connect().keyv)];
    await one.set('key', 'text');
    expect(await other.get('key')).toBe('text');
    expect(await keyvCache(connect('elsewhere').keyv).get('key')).toBeUndefined();
    await other.delete('key');
    expect(await one.get('key')).toBeUndefined();
  });

  test('a time to live reaches the server', async () => {
    const { store, keyv } = connect('ttl');
    await keyvCache(keyv).set('key', 'text', 600_000);
    const { client } = store;
    if (!('pTTL' in client)) throw new Error('expected a client of one server');
    const [key = ''] = await client.keys('ttl*');
    const left = Number(await client.pTTL(key));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(600_000);
  });

  test('a server that went away counts as one that forgot', async () => {
    const gone = await startRedis();
    const cache = keyvCache(connect('gone', gone.url).keyv, { timeoutMs: 200 });
    await cache.set('key', 'text');
    expect(await cache.get('key')).toBe('text');
    await gone.stop();
    expect(await cache.get('key')).toBeUndefined();
    await cache.set('key', 'text');
  });
});
