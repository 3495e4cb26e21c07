import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { quote } from '@notarykit/common';
import { buildTarEntry, OciError, tarEnd, tarPadding } from '@notarykit/oci';
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

/** Where gzip (RFC 1952, 2.3.1) names the operating system, which would make packing depend on the machine. */
const systemByte = 9;
const unknownSystem = 255;

/** Compresses with fixed settings. The same zlib gives the same bytes on every machine. */
export function gzip(chunks: AsyncIterable<Uint8Array>): Readable {
  const compressed = Readable.from(chunks, { objectMode: false }).compose(createGzip({ level: 6, memLevel: 8 }));
  return Readable.from(withoutSystem(compressed), { objectMode: false });
}

async function* withoutSystem(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let offset = 0;
  for await (const chunk of stream) {
    const at = systemByte - offset;
    if (at >= 0 && at < chunk.length) chunk[at] = unknownSystem;
    offset += chunk.length;
    yield chunk;
  }
}

/** A web stream over chunks; an error in them is the stream's. */
export function streamFrom(readable: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(readable) as ReadableStream<Uint8Array>;
}
