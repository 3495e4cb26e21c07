import { encodeHex } from './bytes.js';
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
 * Of the processes that need the same, one works and the others wait for its result: the process that adds the mark works, and renews it.
 * Those who wait work themselves once the mark is gone without a find, is another's, is no longer renewed, or time is up: a process that
 * died costs the time of one mark, and what is not a mark costs nothing.
 */
export async function shareWork<T>(cache: Cache<string>, key: string, options: SharedWorkOptions<T>): Promise<T> {
  const { waitMs, markMs = defaultMarkMs, recall, work } = options;
  const mark = `${key}:work`;
  if (cache.add === undefined || waitMs <= 0) return work();
  const worker = encodeHex(crypto.getRandomValues(new Uint8Array(16)));
  const isMine = await cache.add(mark, markOf(worker, 0), markMs).catch(() => true);
  const own = (what: () => Promise<T>): Promise<T> => marked(cache, mark, { worker, markMs, work: what });
  // Another one may have ended between the look into the cache and the mark.
  if (isMine) return await own(async () => (await recall()) ?? (await work()));
  const waited = await waitFor(cache, mark, markMs, options);
  if (waited.found !== undefined) return waited.found;
  return waited.abandoned ? await own(work) : await work();
}

/** What stands under a mark: whose it is, and how often it was renewed. */
const markOf = (worker: string, renewals: number): string => `under way ${worker} ${renewals}`;

/** Whose mark it is; nothing for what no worker writes. */
const workerOf = (mark: string): string | undefined => /^under way ([0-9a-f]{32}) \d+$/.exec(mark)?.[1];

/** Works under the mark, which is renewed meanwhile and taken away afterwards. */
async function marked<T>(
  cache: Cache<string>,
  mark: string,
  { worker, markMs, work }: { readonly worker: string; readonly markMs: number; readonly work: () => Promise<T> },
): Promise<T> {
  let renewals = 0;
  const renew = (): void => void cache.set(mark, markOf(worker, ++renewals), markMs).catch(() => undefined);
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
  /** The mark exists and is not renewed, or it is invalid. */
  readonly abandoned?: boolean;
}

async function waitFor<T>(
  cache: Cache<string>,
  mark: string,
  markMs: number,
  { waitMs, signal, recall }: SharedWorkOptions<T>,
): Promise<Waited<T>> {
  const end = performance.now() + waitMs;
  let worker: string | undefined;
  let seen: string | undefined;
  let since = performance.now();
  for (let pause = firstPauseMs; performance.now() < end; pause = Math.min(2 * pause, longestPauseMs)) {
    await sleep(pause, signal);
    // The mark is looked at before the find: who takes it away has written the find already.
    const underWay = await cache.get(mark).catch(() => undefined);
    const found = await recall();
    if (found !== undefined) return { found };
    if (underWay === undefined) return {};
    worker ??= workerOf(underWay);
    if (worker === undefined) return { abandoned: true };
    // Another one's: the first is gone and has left no find, or something else writes into the store.
    if (workerOf(underWay) !== worker) return {};
    if (underWay !== seen) [seen, since] = [underWay, performance.now()];
    else if (performance.now() - since >= markMs) return { abandoned: true };
  }
  return {};
}
