import { describe, expect, it } from 'vitest';
import { type RedisLike, redisCache } from './redis-cache.js';

/** A server that hangs until it is told to answer; it counts what it is asked. */
function server() {
  const state = { hangs: true, asked: 0 };
  const answer = async (value: unknown): Promise<unknown> => {
    state.asked++;
    return state.hangs ? await new Promise<never>(() => undefined) : value;
  };
  const client: RedisLike = { get: () => answer('text'), set: () => answer('OK'), del: () => answer(1) };
  return { state, client };
}

describe('D12 a shared cache whose server hangs', () => {
  it('costs the first caller one time-out, and later callers nothing', async () => {
    const { state, client } = server();
    const errors: unknown[] = [];
    const cache = redisCache(client, { timeoutMs: 5, pauseMs: 10 * 60_000, onError: (error) => errors.push(error) });
    expect(await cache.get('a')).toBeUndefined();
    expect(state.asked).toBe(1);
    for (let i = 0; i < 100; i++) {
      expect(await cache.get('a')).toBeUndefined();
      await cache.set('a', 'text');
      await cache.delete('a');
    }
    expect(state.asked).toBe(1);
    expect(errors).toHaveLength(301);
  });

  it('is not waited for by a caller who does the work itself', async () => {
    const { client } = server();
    const cache = redisCache(client, { timeoutMs: 5, pauseMs: 10 * 60_000 });
    await cache.get('a');
    expect(await cache.add?.('mark', 'x', 1000)).toBe(true);
  });

  it('is tried again in parallel, and used once it answers', async () => {
    const { state, client } = server();
    const cache = redisCache(client, { timeoutMs: 5, pauseMs: 1 });
    expect(await cache.get('a')).toBeUndefined();
    state.hangs = false;
    await expect.poll(() => cache.get('a'), { timeout: 30_000 }).toBe('text');
  });

  it('is still used after a call that failed at once', async () => {
    let asked = 0;
    const fail = async (): Promise<never> => {
      asked++;
      throw new Error('down');
    };
    const cache = redisCache({ get: fail, set: fail, del: fail });
    for (let i = 0; i < 3; i++) await cache.get('a');
    expect(asked).toBe(3);
  });
});
