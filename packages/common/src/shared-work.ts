import type { Cache } from './cache.js';
import { sleep } from './deadline.js';

/** How {@link shareWork} shares. */
export interface SharedWorkOptions<T> {
  /** How long to wait for another process, milliseconds. */
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
  /** What another process may have found. */
  readonly recall: () => Promise<T | undefined>;
  readonly work: () => Promise<T>;
}

const firstPauseMs = 10;
const longestPauseMs = 250;

/**
 * Of the processes that need the same, one works and the others wait for what it finds: whoever adds the mark works. Those who
 * wait work themselves once the mark is gone without a find, or time is up; a mark that nobody takes away costs time and nothing else.
 */
export async function shareWork<T>(cache: Cache<string>, key: string, options: SharedWorkOptions<T>): Promise<T> {
  const { waitMs, recall, work } = options;
  const mark = `${key}:work`;
  if (cache.add === undefined || waitMs <= 0) return work();
  if (await isMine(cache, mark, waitMs)) {
    try {
      // Another one may have ended between the look into the cache and the mark.
      return (await recall()) ?? (await work());
    } finally {
      await cache.delete(mark).catch(() => undefined);
    }
  }
  return (await waitFor(cache, mark, options)) ?? work();
}

async function isMine(cache: Cache<string>, mark: string, waitMs: number): Promise<boolean> {
  try {
    return (await cache.add?.(mark, 'under way', waitMs)) !== false;
  } catch {
    return true;
  }
}

async function waitFor<T>(
  cache: Cache<string>,
  mark: string,
  { waitMs, signal, recall }: SharedWorkOptions<T>,
): Promise<T | undefined> {
  const end = performance.now() + waitMs;
  for (let pause = firstPauseMs; performance.now() < end; pause = Math.min(2 * pause, longestPauseMs)) {
    await sleep(pause, signal);
    // The mark is looked at before the find: who takes it away has written the find already.
    const underWay = await cache.get(mark).catch(() => undefined);
    const found = await recall();
    if (found !== undefined || underWay === undefined) return found;
  }
  return undefined;
}
