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
  const controller = new AbortController();
  const timeout = (): void => controller.abort(new DOMException(`no end within ${milliseconds} ms`, 'TimeoutError'));
  const forward = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(timeout, Math.max(0, milliseconds));
  signal?.addEventListener('abort', forward, { once: true });
  try {
    return await race(work(controller.signal), controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', forward);
  }
}

function race<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject);
  });
}

/** Whether an error says that time ran out, as {@link withDeadline} and `AbortSignal.timeout` do. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
