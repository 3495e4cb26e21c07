import { describe, expect, it } from 'vitest';
import { createLimiter, type SingleFlight, singleFlight } from './concurrency.js';

/** Work that ends when the test says so, and keeps the signal that it was given. */
function controlledWork(): {
  readonly work: (signal: AbortSignal) => Promise<string>;
  readonly signals: AbortSignal[];
  end(value: string): void;
} {
  const signals: AbortSignal[] = [];
  const ends: ((value: string) => void)[] = [];
  return {
    signals,
    work: (signal) => {
      signals.push(signal);
      return new Promise((resolve, reject) => {
        ends.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    },
    end(value) {
      for (const each of ends) each(value);
    },
  };
}

const begin = (share: SingleFlight<string>, work: (signal: AbortSignal) => Promise<string>) => {
  const controller = new AbortController();
  return { controller, result: share('key', work, { signal: controller.signal }) };
};

describe('singleFlight', () => {
  it('does equal work once, and again when it has ended', async () => {
    const share = singleFlight<number>();
    let runs = 0;
    const work = async (): Promise<number> => ++runs;
    expect(await Promise.all([share('a', work), share('a', work), share('b', work)])).toEqual([1, 1, 2]);
    expect(await share('a', work)).toBe(3);
  });

  it('gives every waiter the failure, and forgets it', async () => {
    const share = singleFlight<string>();
    const work = async (): Promise<string> => Promise.reject(new Error('broken'));
    const both = await Promise.allSettled([share('key', work), share('key', work)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await share('key', async () => 'whole')).toBe('whole');
  });

  it('turns work that throws at once into a rejection', async () => {
    const share = singleFlight<string>();
    const work = (): Promise<string> => {
      throw new Error('broken');
    };
    await expect(share('key', work)).rejects.toThrow('broken');
  });

  it('cancelling the first caller does not cancel the work for the second', async () => {
    const share = singleFlight<string>();
    const { work, signals, end } = controlledWork();
    const first = begin(share, work);
    const second = begin(share, work);
    first.controller.abort(new Error('the first leaves'));
    await expect(first.result).rejects.toThrow('the first leaves');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    end('done');
    expect(await second.result).toBe('done');
  });

  it('a later caller can cancel by its own signal', async () => {
    const share = singleFlight<string>();
    const { work, end } = controlledWork();
    const first = share('key', work);
    const second = begin(share, work);
    second.controller.abort(new Error('the second leaves'));
    await expect(second.result).rejects.toThrow('the second leaves');
    end('done');
    expect(await first).toBe('done');
  });

  it('aborts the work when the last caller cancels, and starts again for the next', async () => {
    const share = singleFlight<string>();
    const { work, signals, end } = controlledWork();
    const callers = [begin(share, work), begin(share, work)];
    for (const { controller } of callers) controller.abort(new Error('leaves'));
    for (const { result } of callers) await expect(result).rejects.toThrow('leaves');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    const next = share('key', work);
    end('again');
    expect(await next).toBe('again');
    expect(signals).toHaveLength(2);
  });

  it('does not start work for a caller that is cancelled already', async () => {
    const share = singleFlight<string>();
    const { work, signals } = controlledWork();
    await expect(share('key', work, { signal: AbortSignal.abort(new Error('left')) })).rejects.toThrow('left');
    expect(signals).toEqual([]);
  });
});

describe('createLimiter', () => {
  it('starts waiting tasks in order and never exceeds the limit', async () => {
    const limit = createLimiter(3);
    const begun: number[] = [];
    let [running, most] = [0, 0];
    const all: Promise<void>[] = [];
    const add = (i: number): void =>
      void all.push(
        limit(async () => {
          begun.push(i);
          most = Math.max(most, ++running);
          await Promise.resolve();
          if (i < 100) add(200 + i);
          running--;
        }),
      );
    for (let i = 0; i < 200; i++) add(i);
    for (let i = 0; i < all.length; i++) await all[i];
    expect(begun).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(most).toBe(3);
    await expect(limit(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await limit(async () => 'after')).toBe('after');
  });
});
