import { type Bytes, chunkReaderOf, copyBytes, streamFrom } from '@notarykit/common/internal';
import {
  type ContentSource,
  checkContent,
  createDigester,
  type Descriptor,
  isVerified,
  OciError,
  parseDigest,
} from '@notarykit/oci/internal';

/** A fresh stream of the content, checked: its last chunk is held back until size and digest are right, so that wrong content never arrives whole. */
export type OpenSource = () => ReadableStream<Bytes>;

/** Bytes up to this size are sent in one piece. */
export const smallSize: number = 256 * 1024;
const chunkSize = 64 * 1024;

/** Prepares content for upload: bytes are checked at once, streams while they are sent. */
export function checkedSource(
  descriptor: Descriptor,
  content: ContentSource,
  onBytes: (bytes: number) => void,
): OpenSource {
  if (typeof content === 'function') return () => checkedStream(descriptor, content(), onBytes);
  checkContent(descriptor, content);
  return () => streamOfBytes(content as Bytes, onBytes);
}

function streamOfBytes(bytes: Bytes, onBytes: (bytes: number) => void): ReadableStream<Bytes> {
  let offset = 0;
  return streamFrom({
    async read() {
      if (offset >= bytes.length) return undefined;
      const chunk = bytes.subarray(offset, offset + chunkSize);
      offset += chunk.length;
      onBytes(offset);
      return chunk;
    },
    cancel: async () => undefined,
  });
}

function checkedStream(
  descriptor: Descriptor,
  stream: ReadableStream<Uint8Array>,
  onBytes: (bytes: number) => void,
): ReadableStream<Bytes> {
  const digester = isVerified(stream, descriptor)
    ? undefined
    : createDigester(parseDigest(descriptor.digest).algorithm);
  const reader = chunkReaderOf(stream);
  let length = 0;
  let ended = false;
  const take = async (reuse?: boolean): Promise<Uint8Array | undefined> => {
    for (;;) {
      const chunk = await reader.read(reuse);
      if (chunk === undefined) return undefined;
      length += chunk.length;
      digester?.update(chunk);
      if (chunk.length > 0) return chunk;
    }
  };
  return streamFrom({
    async read(reuse) {
      if (ended) return undefined;
      const chunk = await take(reuse);
      if (chunk === undefined || length >= descriptor.size) {
        ended = true;
        const last = chunk && copyBytes(chunk);
        if (length === descriptor.size) await take();
        if (length > descriptor.size) void reader.cancel().catch(() => undefined);
        check(descriptor, length, digester?.digest() ?? descriptor.digest);
        onBytes(length);
        return last;
      }
      onBytes(length);
      return chunk;
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function check(descriptor: Descriptor, length: number, digest: string): void {
  const { size, digest: expected } = descriptor;
  if (length !== size) {
    const found = length > size ? `more than ${size}` : String(length);
    throw new OciError('ERR_OCI_SIZE_MISMATCH', `${expected}: expected ${size} bytes to push, found ${found}`);
  }
  if (digest !== expected) {
    throw new OciError('ERR_OCI_DIGEST_MISMATCH', `expected content with digest ${expected} to push, found ${digest}`);
  }
}
