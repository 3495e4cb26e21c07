import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { quote } from '@notarykit/common/internal';
import { createDigester, OciError, readTarMembers, tarStream } from '@notarykit/oci/internal';
import type { SafeDirectory } from './safe-directory.js';

/** Bounds of reading an archive. */
export interface UnpackLimits {
  /** Bytes after decompression. Default 4 GiB. */
  readonly maxBytes?: number;
  /** How many times larger than its compressed form an archive may be. Default 200. */
  readonly maxRatio?: number;
  /** Files and directories. Default 100,000. */
  readonly maxMembers?: number;
}

/** What an archive is and says. */
export interface Archive {
  readonly content: ReadableStream<Uint8Array>;
  readonly compressed: boolean;
  /** Digest of the archive before compression, if its descriptor says so. */
  readonly digest?: string;
}

/** Below this size a high ratio is harmless: small texts compress well. */
const ratioFree = 1024 * 1024;

/**
 * Writes the files and directories of a tar under a directory. Anything else in it, and any name that is not safe, ends the
 * reading.
 *
 * @throws {OciError} `ERR_OCI_PATH`, `ERR_OCI_TOO_LARGE`, `ERR_OCI_DIGEST_MISMATCH`, `ERR_OCI_INVALID`
 */
export async function unpack(archive: Archive, directory: SafeDirectory, limits: UnpackLimits): Promise<void> {
  const digester = createDigester();
  const tar = tarStream(webStream(bounded(archive, limits, (chunk) => digester.update(chunk))));
  try {
    for await (const { name, type, mode, size } of readTarMembers(tar, { maxMembers: limits.maxMembers ?? 100_000 })) {
      if (name === '') continue;
      if (type === 'other')
        throw new OciError('ERR_OCI_PATH', `${quote(name)} is a link or device in an archive, which is never made`);
      if (type === 'directory') await directory.makeDirectory(name);
      else await directory.writeFile(name, mode, tar.chunks(size));
    }
    // The end of the stream carries the verdict on size and digest.
    for await (const _ of tar.chunks(Number.MAX_SAFE_INTEGER));
  } finally {
    await tar.close();
  }
  const found = digester.digest();
  if (archive.digest !== undefined && archive.digest !== found)
    throw new OciError(
      'ERR_OCI_DIGEST_MISMATCH',
      `expected an archive with digest ${quote(archive.digest)}, found ${found}`,
    );
}

async function* bounded(
  { content, compressed }: Archive,
  { maxBytes = 4 * 1024 ** 3, maxRatio = 200 }: UnpackLimits,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, void> {
  let input = 0;
  let output = 0;
  const counted = Readable.from(
    count(content, (length) => {
      input += length;
    }),
    { objectMode: false },
  );
  for await (const chunk of compressed ? inflate(counted) : counted) {
    output += (chunk as Uint8Array).length;
    if (output > maxBytes)
      throw new OciError('ERR_OCI_TOO_LARGE', `expected at most ${maxBytes} bytes in an archive, found more`);
    if (output > ratioFree && output > input * maxRatio)
      throw new OciError('ERR_OCI_TOO_LARGE', `an archive grows to more than ${maxRatio} times its size`);
    see(chunk as Uint8Array);
    yield chunk as Uint8Array;
  }
}

async function* inflate(input: Readable): AsyncGenerator<Uint8Array, void, void> {
  const gunzip = createGunzip();
  input.on('error', (error) => gunzip.destroy(error));
  try {
    yield* input.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw cause;
    throw new OciError('ERR_OCI_INVALID', `expected gzip data: ${(cause as Error).message}`, { cause });
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}

async function* count(
  stream: ReadableStream<Uint8Array>,
  see: (length: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of stream) {
    see(chunk.length);
    yield chunk;
  }
}

function webStream(chunks: AsyncGenerator<Uint8Array, void, void>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}
