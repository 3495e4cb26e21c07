import { CodecError, quote } from './errors.js';

/** A deadline that runs. */
export interface Deadline {
  /** Aborts with a `TimeoutError` when the time is up, or with the caller's reason when the caller's signal does. */
  readonly signal: AbortSignal;
  /** Aborts now, for a reason of the caller's. */
  end(reason: unknown): void;
  /** Ends the watch, without an abort: no timer and no listener is left. */
  stop(): void;
}

/** The longest delay of a timer: a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;

/**
 * A limit in milliseconds as a timer takes it: more than a timer can wait for, or Infinity, is its longest delay of 24 days.
 *
 * @throws {CodecError} `ERR_CODEC_LIMIT` for what is not a number from 0
 */
export function timerDelay(milliseconds: number): number {
  if (typeof milliseconds !== 'number' || !(milliseconds >= 0))
    throw new CodecError('ERR_CODEC_LIMIT', `expected a duration in milliseconds, found ${quote(milliseconds)}`);
  return Math.min(milliseconds, longestDelay);
}

/** Starts a deadline of so many milliseconds, which a caller's signal may end sooner. */
export function startDeadline(milliseconds: number, signal?: AbortSignal): Deadline {
  const controller = new AbortController();
  const timeout = (): void => controller.abort(new DOMException(`timed out after ${milliseconds} ms`, 'TimeoutError'));
  const forward = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) forward();
  const timer = setTimeout(timeout, timerDelay(Math.max(0, milliseconds)));
  signal?.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    end: (reason) => controller.abort(reason),
    stop() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', forward);
    },
  };
}

/**
 * The result of a piece of work that may take so many milliseconds; after that, or when the caller's signal aborts, it rejects
 * with the signal's reason (a `TimeoutError` for the time), whether or not the work heeds the signal that it is given. Nothing
 * is left behind: no timer, no listener.
 *
 * @throws {DOMException} `TimeoutError`
 */
export async function withDeadline<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const deadline = startDeadline(milliseconds, signal);
  try {
    return await untilAborted(work(deadline.signal), deadline.signal);
  } finally {
    deadline.stop();
  }
}

/** A pause of so many milliseconds; it rejects with the signal's reason when that aborts first, and leaves no timer behind. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await untilAborted(pause, signal).finally(() => clearTimeout(timer));
}

/** The result of work; it rejects with the signal's reason when that aborts first, and leaves no listener behind. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Whether an error says that time ran out, as {@link withDeadline} and `AbortSignal.timeout` do. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
