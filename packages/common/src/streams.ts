import type { Bytes } from './bytes.js';
import { concatBytes } from './bytes.js';
import { LimitError } from './errors.js';

/** Limits of a bounded read. */
export interface ReadBytesOptions {
  /** The most bytes that are read, whatever the sender announced. */
  readonly limit: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads a stream whole, at most `limit` bytes; the stream is cancelled in every case.
 *
 * @throws {LimitError} `ERR_LIMIT_EXCEEDED` when there is more
 */
export async function readBytes(stream: ReadableStream<Uint8Array>, options: ReadBytesOptions): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of iterate(stream, options.signal)) {
    length += chunk.length;
    if (length > options.limit)
      throw new LimitError('ERR_LIMIT_EXCEEDED', `expected at most ${options.limit} bytes, found more`);
    parts.push(chunk);
  }
  return concatBytes(parts);
}

/** The chunks of a stream; leaving the loop early cancels the stream, an abort rejects with the signal's reason. */
export async function* iterate(
  stream: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = stream.getReader();
  const abort = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

/** A stream of the given bytes, in chunks of at most 64 KiB. */
export function streamOf(bytes: Uint8Array): ReadableStream<Bytes> {
  const size = 64 * 1024;
  let offset = 0;
  return new ReadableStream<Bytes>({
    pull(controller) {
      if (offset < bytes.length) controller.enqueue(bytes.slice(offset, offset + size) as Bytes);
      offset += size;
      if (offset >= bytes.length) controller.close();
    },
  });
}
