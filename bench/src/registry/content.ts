import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Descriptor } from '@notarykit/oci';

const piece = 64 * 1024;
const pool = randomBytes(16 * 1024 * 1024);

/** Content of a size that no other has, made without keeping it: pieces of random bytes after a first one of its own. */
export interface Content {
  readonly descriptor: Descriptor;
  pieces(): Generator<Uint8Array<ArrayBuffer>, void, void>;
  stream(): ReadableStream<Uint8Array>;
}

/** Makes content; its digest is computed here, outside of what is timed. */
export function makeContent(size: number): Content {
  const first = new Uint8Array(randomBytes(piece));
  function* pieces(): Generator<Uint8Array<ArrayBuffer>, void, void> {
    for (let at = 0; at < size; at += piece) {
      const length = Math.min(piece, size - at);
      if (at === 0) yield first.subarray(0, length);
      else yield new Uint8Array(pool.buffer as ArrayBuffer, pool.byteOffset + (at % pool.length), length);
    }
  }
  const hash = createHash('sha256');
  for (const bytes of pieces()) hash.update(bytes);
  return {
    descriptor: { mediaType: 'application/octet-stream', digest: `sha256:${hash.digest('hex')}`, size },
    pieces,
    stream() {
      const source = pieces();
      return new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            const { done, value } = source.next();
            if (done) controller.close();
            else controller.enqueue(value);
          },
        },
        { highWaterMark: 0 },
      );
    },
  };
}

/** Writes content to a file, for programs that read files. */
export async function writeContent(content: Content, path: string): Promise<void> {
  const file = createWriteStream(path);
  for (const bytes of content.pieces()) if (!file.write(bytes)) await once(file, 'drain');
  file.end();
  await once(file, 'close');
}
