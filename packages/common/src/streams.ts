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

/**
 * Chunks that are taken one by one. Functions of the SDK pass content to each other in this form: a web stream at each step would
 * cost more than the hashing.
 */
export interface ChunkReader {
  /**
   * The next chunk; `undefined` at the end. The caller may keep it. With `reuse`, its memory may be
   * overwritten by the next call, which saves the garbage collector most of the work of a large copy.
   */
  read(reuse?: boolean): Promise<Uint8Array | undefined>;
  /** Ends it early and lets go of what it reads from. */
  cancel(reason?: unknown): Promise<void>;
}

const untouched = new WeakMap<ReadableStream<Uint8Array>, ChunkReader>();

/** A stream of what a reader gives; nothing is read ahead. */
export function streamFrom(reader: ChunkReader): ReadableStream<Bytes> {
  const stream = new ReadableStream<Bytes>(
    {
      async pull(controller) {
        untouched.delete(stream);
        const chunk = await reader.read();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk as Bytes);
      },
      cancel(reason) {
        untouched.delete(stream);
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  untouched.set(stream, reader);
  return stream;
}

/** The chunks of a stream, which is locked from now on; of one made by {@link streamFrom} without the stream in between. */
export function chunkReaderOf(stream: ReadableStream<Uint8Array>): ChunkReader {
  const own = untouched.get(stream);
  const reader = stream.getReader();
  if (own !== undefined) return own;
  return {
    async read() {
      const { done, value } = await reader.read();
      return done ? undefined : value;
    },
    cancel: (reason) => reader.cancel(reason),
  };
}
