import type { IncomingMessage } from 'node:http';

/** The body of a request. Whoever leaves it early pauses the connection and does not end it: the answer has to go out. */
export function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let left = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.on('data', (chunk: Uint8Array) => {
        if (left) return;
        controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.once('end', () => {
        if (!left) controller.close();
        left = true;
      });
      incoming.once('close', () => {
        if (!left) controller.error(new Error('the sender left before the end of the body'));
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

/** What is read of a body that nobody wants, so that its sender gets to see the answer. */
const mostBytes = 64 * 1024 * 1024;
const mostMs = 5_000;

/** Reads the rest of a body and keeps nothing of it; a sender without end is cut off. */
export function discard(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = mostBytes;
    const cut = (): void => void incoming.destroy();
    const timer = setTimeout(cut, mostMs);
    incoming.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    incoming.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
    incoming.on('data', (chunk: Uint8Array) => {
      bytes -= chunk.length;
      if (bytes < 0) cut();
    });
    incoming.resume();
  });
}
