import { untilAborted } from './deadline.js';
import { CodecError, quote } from './errors.js';
import type { CallOptions } from './options.js';

/** Runs tasks, at most so many at a time, in the order they came. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** A limiter for `concurrency` tasks at a time. @throws {CodecError} `ERR_CODEC_LIMIT` for less than one */
export function createLimiter(concurrency: number): Limiter {
  if (typeof concurrency !== 'number' || !(concurrency >= 1))
    throw new CodecError('ERR_CODEC_LIMIT', `concurrency: expected a number from 1, found ${quote(concurrency)}`);
  let waiting: (() => void)[] = [];
  // Where the next one is in the list: to shift a long list moves all that is in it.
  let first = 0;
  let running = 0;
  return async (task) => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = waiting[first++];
      // What was begun is dropped when it is half of the list, which may never be empty.
      if (first * 2 >= waiting.length) [waiting, first] = [waiting.slice(first), 0];
      if (next === undefined) running--;
      else next();
    }
  };
}

/**
 * Maps items with at most `concurrency` at a time and keeps their order. After the first failure no further item is begun;
 * it rejects with that failure when those under way have ended.
 */
export async function mapConcurrent<T, R>(
  items: readonly T[],
  concurrency: number,
  map: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const failures: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await map(items[index] as T, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, concurrency), items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

/**
 * Maps items as they come, at most `concurrency` at a time, and gives the results in the order of the items: the next ones are
 * worked on while the first is waited for. A consumer that leaves early, or a failure, aborts the signal that the work under way was
 * given, and waits until it has ended.
 *
 * @example
 * ```ts
 * for await (const page of mapInOrder(urls, 4, (url, { signal }) => fetch(url, { signal }))) console.log(page.status);
 * ```
 */
export async function* mapInOrder<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  concurrency: number,
  map: (item: T, options: { readonly signal: AbortSignal }) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const controller = new AbortController();
  const running: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const work = map(item, { signal: controller.signal });
      // It is awaited in its turn; until then its failure must not count as an unhandled rejection.
      work.catch(() => undefined);
      running.push(work);
      if (running.length >= concurrency) yield await (running.shift() as Promise<R>);
    }
    while (running.length > 0) yield await (running.shift() as Promise<R>);
  } finally {
    controller.abort();
    await Promise.allSettled(running);
  }
}

/** Shares one run of equal work: see {@link singleFlight}. */
export type SingleFlight<T> = (
  key: string,
  work: (signal: AbortSignal) => Promise<T>,
  call?: CallOptions,
) => Promise<T>;

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Shares one run of equal work among all who ask for it while it is under way. The work belongs to none of them: it gets a signal
 * that aborts when the last of those who wait has left, so that one caller's abort never ends the wait of another. Each caller
 * leaves by its own signal, with that signal's reason; a caller that comes after all have left begins the work anew.
 *
 * A limit on the time of the work itself is the work's own: wrap it in {@link withDeadline}.
 *
 * @example
 * ```ts
 * const share = singleFlight<Token>();
 * const token = await share('registry.wabbit-networks.io', (signal) => fetchToken({ signal }), { signal: AbortSignal.timeout(5000) });
 * ```
 */
export function singleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();
  return async (key, work, { signal } = {}) => {
    signal?.throwIfAborted();
    const flight = flights.get(key) ?? start(flights, key, work);
    flight.waiting++;
    try {
      return await untilAborted(flight.result, signal);
    } finally {
      if (--flight.waiting === 0) leave(flights, key, flight);
    }
  };
}

function start<T>(flights: Map<string, Flight<T>>, key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
  const controller = new AbortController();
  const result = (async () => work(controller.signal))();
  const flight: Flight<T> = { result, controller, waiting: 0 };
  flights.set(key, flight);
  const land = (): void => void (flights.get(key) === flight && flights.delete(key));
  result.then(land, land);
  return flight;
}

/** Aborting work that has ended does nothing. */
function leave<T>(flights: Map<string, Flight<T>>, key: string, flight: Flight<T>): void {
  if (flights.get(key) === flight) flights.delete(key);
  flight.controller.abort(new DOMException('no caller waits for this work any more', 'AbortError'));
}
