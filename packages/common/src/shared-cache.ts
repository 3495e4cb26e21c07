import { withDeadline } from './deadline.js';

/** Options of caches that are kept elsewhere. */
export interface SharedCacheOptions {
  /** How long one call may take, milliseconds. Default 1,000: an unreachable server must not hold up what it would speed up. */
  readonly timeoutMs?: number;
  /** Told of every call that failed or took too long; none of them reaches the user of the cache. */
  readonly onError?: (error: unknown) => void;
}

/** @internal Does a call; nothing comes back from one that failed or took too long. */
export function createAttempt({
  timeoutMs = 1000,
  onError,
}: SharedCacheOptions): <T>(work: () => Promise<T>) => Promise<T | undefined> {
  return async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await withDeadline(timeoutMs, undefined, work);
    } catch (error) {
      onError?.(error);
      return undefined;
    }
  };
}
