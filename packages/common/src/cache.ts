import { checkLife, clockOf, isOver, type Moment } from './age.js';
import { CodecError, quote } from './errors.js';
import { RecentMap } from './recent-map.js';

/**
 * The cache port: the `get`, `set` and `delete` of a `Map` or of Keyv, so that Redis and the like plug in as they are.
 * A cache may forget; a cache that fails counts as one that forgot.
 */
export interface Cache<V> {
  get(key: string): Promise<V | undefined>;
  set(key: string, value: V, ttlMs?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
  /**
   * Optional ability: sets a value only where there is none, in one step, and says whether it did. With it, of many processes that
   * need the same, one does the work and the others wait for what it finds.
   */
  add?(key: string, value: V, ttlMs?: number): Promise<boolean>;
}

/** Bounds of {@link memoryCache}. */
export interface MemoryCacheOptions {
  /** How many entries are kept; the one unused for longest goes first. Default 1,000. */
  readonly maxEntries?: number;
  /** The clock, in milliseconds. Default: this machine's; no step of its date makes an entry live longer. */
  readonly now?: () => number;
}

interface Kept<V> {
  readonly value: V;
  readonly since: Moment;
  readonly ttlMs: number | undefined;
}

/**
 * A bounded cache in this process, least recently used out first.
 *
 * @throws {CodecError} `ERR_CODEC_LIMIT` for a bound that is not a number: it would never be reached
 */
export function memoryCache<V>(options: MemoryCacheOptions = {}): Cache<V> {
  const maxEntries = checkEntries(options.maxEntries ?? 1000);
  const clock = clockOf(options.now);
  const entries = new RecentMap<string, Kept<V>>();
  return {
    async get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.ttlMs === undefined || !isOver(entry.since, entry.ttlMs, clock())) return entry.value;
      entries.delete(key);
      return undefined;
    },
    async set(key, value, ttlMs) {
      entries.delete(key);
      entries.set(key, { value, since: clock(), ttlMs: checkLife(ttlMs) });
      if (entries.size > maxEntries) entries.deleteOldest();
    },
    async delete(key) {
      entries.delete(key);
    },
  };
}

/** How many entries are kept. @throws {CodecError} `ERR_CODEC_LIMIT` */
export function checkEntries(maxEntries: number): number {
  if (typeof maxEntries === 'number' && maxEntries >= 0) return maxEntries;
  throw new CodecError('ERR_CODEC_LIMIT', `maxEntries: expected a number from 0, found ${quote(String(maxEntries))}`);
}
