import { isTimeout, withDeadline } from './deadline.js';

/** Options of caches that are kept elsewhere. */
export interface SharedCacheOptions {
  /** How long one call may take, milliseconds. Default 200: a server that cannot be reached must not hold up what it would speed up. */
  readonly timeoutMs?: number;
  /**
   * After a call that took too long the server is left alone for so long, milliseconds; then one call is tried while the others go on
   * without it. Twice as long after each such try, at most 30,000. Default 1,000.
   */
  readonly pauseMs?: number;
  /** Told of every call that failed, took too long or was not made; none of them reaches the user of the cache. */
  readonly onError?: (error: unknown) => void;
}

/** Does a call; nothing comes back from one that failed, took too long or was not made. */
export type Attempt = <T>(work: () => Promise<T>) => Promise<T | undefined>;

const longestPauseMs = 30_000;

/** @internal A circuit breaker: one server that hangs costs its first callers `timeoutMs`, and no one after them anything. */
export function createAttempt({ timeoutMs = 200, pauseMs = 1000, onError }: SharedCacheOptions): Attempt {
  let pause = 0;
  let hungAt = 0;
  let probing = false;

  const call = async <T>(work: () => Promise<T>, longer = pauseMs): Promise<T | undefined> => {
    try {
      const result = await withDeadline(timeoutMs, undefined, work);
      pause = 0;
      return result;
    } catch (error) {
      // What fails at once delays no caller.
      if (isTimeout(error)) [pause, hungAt] = [longer, performance.now()];
      onError?.(error);
      return undefined;
    }
  };
  const probe = (work: () => Promise<unknown>): void => {
    if (probing || performance.now() - hungAt < pause) return;
    probing = true;
    void call(work, Math.min(longestPauseMs, pause * 2)).finally(() => {
      probing = false;
    });
  };

  return async (work) => {
    if (pause === 0) return await call(work);
    onError?.(new DOMException('left alone: it did not answer in time', 'TimeoutError'));
    probe(work);
    return undefined;
  };
}
