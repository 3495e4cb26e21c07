import type { IncomingMessage } from 'node:http';
import { type Bytes, concatBytes, LimitError } from '@notarykit/common/internal';
import { bodyError } from '../http/body.js';

/**
 * The body of a request, bounded. When reading stops, the connection pauses and does not end: the answer has to go out.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_TOO_LARGE`, `ERR_ADMISSION_TIMEOUT`, `ERR_ADMISSION_REQUEST`
 */
export async function collectBody(incoming: IncomingMessage, limit: number, signal: AbortSignal): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stops: (() => void)[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      const take = (part: Uint8Array): void => {
        parts.push(part);
        length += part.length;
        if (length > limit) reject(new LimitError('ERR_LIMIT_EXCEEDED', `expected at most ${limit} bytes, found more`));
      };
      const left = (): void => {
        // It closes after its end, too.
        if (!incoming.complete) reject(new Error('the sender left'));
      };
      signal.addEventListener('abort', abort, { once: true });
      incoming.on('data', take).once('end', resolve).once('close', left);
      stops.push(() => signal.removeEventListener('abort', abort));
      stops.push(() => incoming.off('data', take).off('end', resolve).off('close', left));
      if (signal.aborted) abort();
      if (incoming.destroyed) left();
    });
    const [only] = parts;
    return parts.length === 1 ? (only as Bytes) : concatBytes(parts);
  } catch (cause) {
    incoming.pause();
    throw bodyError(cause, limit);
  } finally {
    for (const stop of stops) stop();
  }
}

/** The same as a stream. */
export function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let left = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.on('data', (part: Uint8Array) => {
        if (left) return;
        controller.enqueue(part);
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.once('end', () => {
        if (!left) controller.close();
        left = true;
      });
      incoming.once('close', () => {
        if (!left) controller.error(new Error('the sender left'));
        left = true;
      });
      incoming.pause();
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      left = true;
      incoming.pause();
    },
  });
}

/** How much of an unwanted body is read, so that its sender gets to see the answer. */
const mostBytes = 64 * 1024 * 1024;
const mostMs = 5_000;

/** Reads the rest of a body and keeps nothing of it; a sender without end is cut off. */
export function discard(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = mostBytes;
    const cut = (): void => void incoming.destroy();
    const timer = setTimeout(cut, mostMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    incoming.once('close', done).once('end', done);
    incoming.on('data', (part: Uint8Array) => {
      bytes -= part.length;
      if (bytes < 0) cut();
    });
    incoming.resume();
  });
}
