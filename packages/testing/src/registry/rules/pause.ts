import { ConnectionCut } from '../http/exchange.js';

/** Waits; ends early, by cutting the connection, when the client goes away. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    const abort = (): void => {
      clearTimeout(timer);
      reject(new ConnectionCut());
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Waits until the client goes away. */
export function pauseForEver(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(new ConnectionCut());
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
