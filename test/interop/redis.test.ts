import KeyvRedis from '@keyv/redis';
import { encodeBase64, keyvCache, type RedisLike, redisCache } from '@notarykit/common';
import Keyv from 'keyv';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runWorkers } from '../../examples/shared-cache/src/workers/processes.ts';
import { createSetup, type Setup } from '../../examples/shared-cache/src/workers/setup.ts';
import type { Done, Task } from '../../examples/shared-cache/src/workers/task.ts';
import { type Bundle, bundle } from '../support/bundle.ts';
import { runProgram } from '../support/run-program.ts';
import { type RunningRedis, startRedis } from './support/redis.ts';

// Far more than a loaded machine needs.
const patience = { timeoutMs: 60_000 };

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
    const [one, other] = [keyvCache(connect().keyv, patience), keyvCache(connect().keyv, patience)];
    await one.set('key', 'text');
    expect(await other.get('key')).toBe('text');
    expect(await keyvCache(connect('elsewhere').keyv, patience).get('key')).toBeUndefined();
    await other.delete('key');
    expect(await one.get('key')).toBeUndefined();
  });

  test('a time to live reaches the server', async () => {
    const { store, keyv } = connect('ttl');
    await keyvCache(keyv, patience).set('key', 'text', 600_000);
    const { client } = store;
    if (!('pTTL' in client)) throw new Error('expected a client of one server');
    const [key = ''] = await client.keys('ttl*');
    const left = Number(await client.pTTL(key));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(600_000);
  });

  test('a server that is gone counts as an empty one', async () => {
    const gone = await startRedis();
    const { keyv } = connect('gone', gone.url);
    const cache = keyvCache(keyv, patience);
    await cache.set('key', 'text');
    expect(await cache.get('key')).toBe('text');
    await gone.stop();
    const impatient = keyvCache(keyv, { timeoutMs: 50 });
    expect(await impatient.get('key')).toBeUndefined();
    await impatient.set('key', 'text');
  });

  test('sets what is absent, once, and never answers for a server that went away', async () => {
    const { store } = connect();
    const client = await store.getClient();
    const cache = redisCache(client as RedisLike, patience);
    expect(await Promise.all([1, 2, 3, 4].map(async (n) => cache.add?.('mark', String(n), 60_000)))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(await cache.get('mark')).toBe('1');
    await cache.delete('mark');
    expect(await cache.get('mark')).toBeUndefined();
    await store.disconnect(true);
    expect([await cache.get('mark'), await cache.add?.('mark', '1')]).toEqual([undefined, true]);
  });

  describe('workers', () => {
    const tags = ['v1', 'v2', 'v3'];
    let program: Bundle;
    let setup: Setup;
    beforeAll(async () => {
      program = await bundle('examples/shared-cache/src/main.ts');
      setup = await createSetup(tags);
    });
    afterAll(async () => {
      await setup.lab.close();
      await program.remove();
    });

    const sum = (done: readonly Done[]): number => done.reduce((total, { verified }) => total + verified, 0);

    test('four processes at once verify each artifact once between them, with equal verdicts', async () => {
      const done = await runWorkers(program.path, 4, { ...setup.task, redis: redis.url, adapter: 'redis' });
      expect(sum(done)).toBe(tags.length);
      expect(done.map(({ verified, remembered }) => verified + remembered)).toEqual([3, 3, 3, 3]);
      for (const { verdicts } of done) expect(verdicts).toEqual(done[0]?.verdicts);
      expect(Object.values(done[0]?.verdicts ?? {}).every((verdict) => verdict.startsWith('trusted'))).toBe(true);
    });

    test('through Keyv, one after the other', async () => {
      const task: Task = { ...setup.task, redis: redis.url, adapter: 'keyv' };
      const counts = [];
      for (const _ of [1, 2, 3]) counts.push(sum(await runWorkers(program.path, 1, task)));
      expect(counts).toEqual([3, 0, 0]);
    });

    test('each policy and each date has its own entry', async () => {
      const task: Task = { ...setup.task, redis: redis.url, adapter: 'keyv' };
      const [statement] = (task.policy as { trustPolicies: object[] }).trustPolicies;
      const policy = { version: '1.0', trustPolicies: [{ ...statement, name: 'other' }] };
      expect(sum(await runWorkers(program.path, 1, { ...task, policy }))).toBe(3);
      expect(sum(await runWorkers(program.path, 1, { ...task, policy }))).toBe(0);
      const now = new Date(Date.parse(task.now) + 3_600_000).toISOString();
      expect(sum(await runWorkers(program.path, 1, { ...task, now }))).toBe(3);
    });

    test('entries that were forged, moved or cut cost a verification and never a verdict', async () => {
      const secret = encodeBase64(new Uint8Array(32).fill(1));
      const task: Task = { ...setup.task, secret, redis: redis.url, adapter: 'redis' };
      expect(sum(await runWorkers(program.path, 1, task))).toBe(3);
      const client = (await connect().store.getClient()) as unknown as RawClient;
      const keys = (await client.keys('notarykit:notarykit:verdict:*')).sort();
      const entries = new Map<string, string>();
      for (const key of keys) entries.set(key, (await client.get(key)) ?? '');
      const texts = [...entries.values()];
      const spoiled: ((key: string, i: number) => string)[] = [
        () => 'not JSON',
        () => '{"verdict":"trusted"}',
        (_, i) => texts[(i + 1) % texts.length] ?? '',
        (key) => (entries.get(key) ?? '').slice(0, 400),
      ];
      for (const spoil of spoiled) {
        for (const [i, key] of keys.entries()) await client.set(key, spoil(key, i));
        const [done] = await runWorkers(program.path, 1, task);
        expect(done).toMatchObject({ verified: 3, remembered: 0 });
        expect(Object.values(done?.verdicts ?? {}).every((verdict) => verdict.startsWith('trusted'))).toBe(true);
      }
      // The same report in other bytes: nothing but the seal tells.
      const [key = ''] = keys;
      const sealed = JSON.parse((await client.get(key)) ?? '') as { text: string };
      await client.set(key, JSON.stringify({ ...sealed, text: `${sealed.text} ` }));
      expect(sum(await runWorkers(program.path, 1, task))).toBe(1);
    });

    test('the program says what four workers needed', async () => {
      const { code, stdout, stderr } = await runProgram(program.path, [], { env: { REDIS_URL: redis.url } });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^keyv: 4 workers needed 12 verdicts, and verified \d+ times$/m);
      expect(stdout).toMatch(/^redis: 4 workers needed 12 verdicts, and verified 3 times$/m);
    });
  });
});

/** What is used of the client to spoil entries. */
interface RawClient {
  keys(pattern: string): Promise<string[]>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
}
