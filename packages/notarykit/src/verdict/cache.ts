import {
  type Cache,
  type CallOptions,
  memoryCache,
  shareWork,
  singleFlight,
  withDeadline,
} from '@notarykit/common/internal';
import {
  type EntryAge,
  entryFormat,
  type KeptVerdict,
  type RememberedRequest,
  readEntry,
  writeEntry,
} from './stored.js';

/** Options of {@link createVerdictCache}. */
export interface VerdictCacheOptions {
  /**
   * Verdicts by key, as JSON text: a Map-like store, Redis and the like. Anyone who can write it can make artifacts trusted, unless it
   * is a `sealedCache`. With `add`, equal work in several processes is done once. Default: 10,000 verdicts in memory.
   */
  readonly cache?: Cache<string>;
  /** How long a verdict that trusts or skips is used at most, milliseconds; never past its `validUntil`. Default 300,000. */
  readonly trustedTtlMs?: number;
  /** How long a refusal is used, milliseconds. Default 0: a signature may be added at any moment. */
  readonly refusedTtlMs?: number;
  /** How long to wait for another process that does the same, milliseconds; then it is done here. Default 5,000: well under the deadline of an admission. */
  readonly waitMs?: number;
  /** How long one verdict may take, however many callers wait for it, milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Told of each look-up, for metrics. */
  readonly onLookup?: (result: 'hit' | 'miss' | 'shared' | 'uncacheable') => void;
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

/** Remembers verdicts by the digest of their request, and by nothing else. */
export interface VerdictCache {
  /**
   * The verdict of a request: a remembered one, or what the work finds. Equal work under way is done once; it ends when the last who
   * waits has left, or with its own deadline. A request without a digest is never remembered. What the work throws passes through.
   */
  ask(
    request: RememberedRequest,
    work: (signal: AbortSignal) => Promise<KeptVerdict>,
    call?: CallOptions,
  ): Promise<KeptVerdict & { readonly cached: boolean }>;
}

type Asked = KeptVerdict & { readonly cached: boolean };

/**
 * The one cache of verdicts. An entry counts only if it repeats key, repository and subject of the request, is not of the future and
 * not past its time; whatever else is in the store costs a verification, never a verdict. What could not be decided is never kept.
 */
export function createVerdictCache(options: VerdictCacheOptions = {}): VerdictCache {
  const { waitMs = 5_000, timeoutMs = 30_000, onLookup, now = Date.now } = options;
  const { cache = memoryCache<string>({ maxEntries: 10_000, now }) } = options;
  const { trustedTtlMs = 300_000, refusedTtlMs = 0 } = options;
  const share = singleFlight<Asked>();
  const waiting = new Map<string, number>();

  const ageOf = ({ time }: RememberedRequest): EntryAge => ({
    now: time.fixed ? time.now.getTime() : now(),
    trustedTtlMs,
    refusedTtlMs,
  });

  const recall = async (key: string, request: RememberedRequest): Promise<Asked | undefined> => {
    const found = readEntry(await quietly(() => cache.get(key)), key, request, ageOf(request));
    return found && { ...found, cached: true };
  };

  const find = async (key: string, request: RememberedRequest, work: () => Promise<KeptVerdict>): Promise<Asked> => {
    // Of when the work began: what changes while it runs is newer than its answer.
    const age = ageOf(request);
    const kept = await work();
    const ttlMs = ttlOf(kept, age);
    if (ttlMs > 0) await quietly(() => cache.set(key, writeEntry(key, request, kept, age.now), ttlMs));
    return { ...kept, cached: false };
  };

  return {
    async ask(request, work, call = {}) {
      const { digest } = request;
      if (digest === undefined) {
        onLookup?.('uncacheable');
        return { ...(await withDeadline(timeoutMs, call.signal, work)), cached: false };
      }
      const key = `notarykit:verdict:${entryFormat}:${digest}`;
      const kept = await recall(key, request);
      onLookup?.(kept !== undefined ? 'hit' : waiting.has(key) ? 'shared' : 'miss');
      if (kept !== undefined) return kept;
      const within = (signal: AbortSignal): Promise<Asked> =>
        withDeadline(timeoutMs, signal, (inTime) => {
          const own = (): Promise<Asked> => find(key, request, () => work(inTime));
          return shareWork(cache, key, { waitMs, signal: inTime, recall: () => recall(key, request), work: own });
        });
      waiting.set(key, (waiting.get(key) ?? 0) + 1);
      try {
        return await share(key, within, call);
      } finally {
        leave(waiting, key);
      }
    },
  };
}

function leave(waiting: Map<string, number>, key: string): void {
  const left = (waiting.get(key) ?? 1) - 1;
  if (left > 0) waiting.set(key, left);
  else waiting.delete(key);
}

/** Zero: not kept at all. */
function ttlOf({ verdict, validUntil }: KeptVerdict, { now, trustedTtlMs, refusedTtlMs }: EntryAge): number {
  if (verdict === 'undecided') return 0;
  const longest = verdict === 'refused' ? refusedTtlMs : trustedTtlMs;
  return validUntil === undefined ? longest : Math.min(longest, validUntil.getTime() - now);
}

/** A cache that fails forgot. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
