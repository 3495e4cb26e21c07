import { concatBytes, iterate } from '@notarykit/common/internal';
import { malformed } from './header.js';
import type { TarSource } from './read.js';

/** A source over a stream, with the chunks of a member's content for a consumer that writes them on. */
export interface TarStream extends TarSource {
  /** The next so many bytes, in chunks as they come. */
  chunks(length: number): AsyncGenerator<Uint8Array, void, void>;
  close(): Promise<void>;
}

/** Reads an archive from a stream; what is held is one chunk. */
export function tarStream(stream: ReadableStream<Uint8Array>, signal?: AbortSignal): TarStream {
  const input = iterate(stream, signal);
  let rest: Uint8Array = new Uint8Array(0);
  let position = 0;

  async function* chunks(length: number): AsyncGenerator<Uint8Array, void, void> {
    for (let left = length; left > 0; ) {
      if (rest.length === 0) {
        const { done, value } = await input.next();
        if (done) return;
        rest = value;
      }
      const chunk = rest.subarray(0, left);
      rest = rest.subarray(chunk.length);
      left -= chunk.length;
      position += chunk.length;
      yield chunk;
    }
  }
  return {
    get position() {
      return position;
    },
    chunks,
    async read(length) {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks(length)) parts.push(chunk);
      return parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(parts);
    },
    async skip(length) {
      const end = position + length;
      for await (const _ of chunks(length));
      if (position !== end) throw malformed('a truncated archive');
    },
    async close() {
      await input.return();
    },
  };
}
