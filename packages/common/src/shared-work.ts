import type { Cache } from './cache.js';
import { sleep } from './deadline.js';

/** How {@link shareWork} shares. */
export interface SharedWorkOptions<T> {
  /** How long to wait for another process in all, milliseconds. */
  readonly waitMs: number;
  /** How long a mark stands that its process does not renew, milliseconds; it does every third of that. Default 2,000. */
  readonly markMs?: number;
  readonly signal: AbortSignal | undefined;
  /** What another process may have found. */
  readonly recall: () => Promise<T | undefined>;
  readonly work: () => Promise<T>;
}

const firstPauseMs = 10;
const longestPauseMs = 250;
const defaultMarkMs = 2_000;

/**
 * Of the processes that need the same, one works and the others wait for what it finds: whoever adds the mark works, and renews it.
 * Those who wait work themselves once the mark is gone without a find, is no longer renewed, or time is up: a process that died, and a
 * mark that someone left in the store, cost the time of one mark.
 */
export async function shareWork<T>(cache: Cache<string>, key: string, options: SharedWorkOptions<T>): Promise<T> {
  const { waitMs, markMs = defaultMarkMs, recall, work } = options;
  const mark = `${key}:work`;
  if (cache.add === undefined || waitMs <= 0) return work();
  const isMine = await cache.add(mark, 'under way', markMs).catch(() => true);
  // Another one may have ended between the look into the cache and the mark.
  if (isMine) return await marked(cache, mark, markMs, async () => (await recall()) ?? (await work()));
  const waited = await waitFor(cache, mark, markMs, options);
  if (waited.found !== undefined) return waited.found;
  return waited.abandoned ? await marked(cache, mark, markMs, work) : await work();
}

/** Works under the mark, which is renewed meanwhile and taken away afterwards. */
async function marked<T>(cache: Cache<string>, mark: string, markMs: number, work: () => Promise<T>): Promise<T> {
  let renewals = 0;
  const renew = (): void => void cache.set(mark, `under way ${++renewals}`, markMs).catch(() => undefined);
  const timer = setInterval(renew, markMs / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await cache.delete(mark).catch(() => undefined);
  }
}

interface Waited<T> {
  readonly found?: T;
  /** The mark stands, and no one renews it. */
  readonly abandoned?: boolean;
}

async function waitFor<T>(
  cache: Cache<string>,
  mark: string,
  markMs: number,
  { waitMs, signal, recall }: SharedWorkOptions<T>,
): Promise<Waited<T>> {
  const end = performance.now() + waitMs;
  let seen: string | undefined;
  let since = performance.now();
  for (let pause = firstPauseMs; performance.now() < end; pause = Math.min(2 * pause, longestPauseMs)) {
    await sleep(pause, signal);
    // The mark is looked at before the find: who takes it away has written the find already.
    const underWay = await cache.get(mark).catch(() => undefined);
    const found = await recall();
    if (found !== undefined) return { found };
    if (underWay === undefined) return {};
    if (underWay !== seen) [seen, since] = [underWay, performance.now()];
    else if (performance.now() - since >= markMs) return { abandoned: true };
  }
  return {};
}
