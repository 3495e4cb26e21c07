import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { quote } from '@notarykit/common/internal';
import { buildTarEntry, OciError, tarEnd, tarPadding } from '@notarykit/oci/internal';
import { readTree, type TreeEntry } from './directory-tree.js';

/** The bytes of an uncompressed tar of a directory: equal content, equal bytes. */
export async function* archiveOf(path: string, name: string): AsyncGenerator<Uint8Array, void, void> {
  for await (const entry of readTree(path, name)) {
    yield buildTarEntry(entry);
    if (entry.type === 'file') yield* contentOf(entry);
    yield tarPadding(entry.size);
  }
  yield tarEnd();
}

async function* contentOf({ path, size }: TreeEntry): AsyncGenerator<Uint8Array, void, void> {
  let length = 0;
  for await (const chunk of createReadStream(path)) {
    length += (chunk as Uint8Array).length;
    if (length > size) break;
    yield chunk as Uint8Array;
  }
  if (length !== size) throw new OciError('ERR_OCI_SIZE_MISMATCH', `${quote(path)} changed while it was packed`);
}

/** RFC 1952, 2.3.1: an unknown operating system. The name of a real one would make the bytes depend on the machine. */
const unknownSystem = 255;

/**
 * Compresses with fixed settings. Not with `node:zlib`: every runtime brings another zlib, and each finds other matches, so the
 * same content would have another digest (decision 257).
 */
export function gzip(chunks: AsyncIterable<Uint8Array>): Readable {
  return Readable.from(compress(chunks), { objectMode: false });
}

async function* compress(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const { Deflate, GZheader, zlibDeflateSetHeader } = await import('pako');
  const deflate = new Deflate({ gzip: true, level: 6, memLevel: 8 });
  const header = Object.assign(new GZheader(), { os: unknownSystem });
  deflate.onStart = (stream) => void zlibDeflateSetHeader(stream, header);
  const ready: Uint8Array[] = [];
  deflate.onData = (chunk) => void ready.push(chunk);
  const take = (): Uint8Array[] => ready.splice(0);
  for await (const chunk of chunks) {
    deflate.push(chunk);
    yield* take();
  }
  deflate.push(new Uint8Array(), true);
  yield* take();
}

/** A web stream over chunks; an error in them is the stream's. */
export function streamFrom(readable: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(readable) as ReadableStream<Uint8Array>;
}
