import { expect, test, vi } from 'vitest';
import { isTimeout, sleep, withDeadline } from './deadline.js';

const never = (): Promise<never> => new Promise(() => undefined);

test('work within its time gives its result or failure', async () => {
  expect(await withDeadline(1000, undefined, async () => 1)).toBe(1);
  await expect(withDeadline(1000, undefined, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
});

test('times out, also for work that ignores the signal', async () => {
  const seen: AbortSignal[] = [];
  const error: unknown = await withDeadline(5, undefined, (signal) => {
    seen.push(signal);
    return never();
  }).catch((reason: unknown) => reason);
  expect(isTimeout(error)).toBe(true);
  expect(seen[0]?.aborted).toBe(true);
});

test('rejects with the abort reason of the caller, before and during the work', async () => {
  const reason = new Error('stopped');
  await expect(withDeadline(1000, AbortSignal.abort(reason), never)).rejects.toBe(reason);
  const stop = new AbortController();
  const work = withDeadline(1000, stop.signal, never);
  stop.abort(reason);
  await expect(work).rejects.toBe(reason);
});

test('a pause ends on time or on abort, and leaves no timer behind', async () => {
  vi.useFakeTimers();
  try {
    const over = sleep(1000);
    await vi.advanceTimersByTimeAsync(1000);
    await over;
    const stop = new AbortController();
    const pause = sleep(1000, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(pause).rejects.toThrow('stopped');
    await expect(sleep(1000, stop.signal)).rejects.toThrow('stopped');
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
