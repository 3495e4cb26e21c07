import { type CallOptions, untilAborted } from '@notarykit/common/internal';

/**
 * An iterable whose iterators end the work under way when they are left: `return()` of a plain generator waits for the request
 * that its `next()` began. An abort of the caller rejects with the caller's reason.
 */
export function endable<T>(
  { signal }: CallOptions,
  start: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => createIterator(signal, start) };
}

function createIterator<T>(
  signal: AbortSignal | undefined,
  start: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
): AsyncIterator<T, void, void> {
  const controller = new AbortController();
  const items = start(controller.signal);
  const abort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  let left = false;
  const end = (): void => {
    signal?.removeEventListener('abort', abort);
    controller.abort(new DOMException('the reader of this list has stopped', 'AbortError'));
  };
  return {
    async next() {
      if (left) return done;
      try {
        controller.signal.throwIfAborted();
        const result = await untilAborted(items.next(), controller.signal);
        if (result.done === true) end();
        return result;
      } catch (error) {
        end();
        // It may still wait for a repository that heeds no signal.
        items.return().catch(() => undefined);
        if (left) return done;
        throw error;
      }
    },
    async return() {
      left = true;
      end();
      await items.return();
      return done;
    },
  };
}

const done = { done: true as const, value: undefined };
