import { type Bytes, streamOf } from '@notarykit/common/internal';
import type { Digest } from '../digest.js';
import { OciError } from '../errors.js';
import type { LayoutFiles } from './files.js';

/** The files of a layout in memory. Nothing can be written to them. */
export function readOnlyFiles(index: Bytes, blobs: ReadonlyMap<Digest, Bytes>): LayoutFiles {
  const refuse = async (): Promise<never> => {
    throw new OciError('ERR_OCI_UNSUPPORTED', 'a layout in memory cannot be written to: copy from it');
  };
  return {
    fixed: true,
    readIndex: async () => index,
    changeIndex: refuse,
    async openBlob(digest) {
      const bytes = blobs.get(digest);
      if (bytes === undefined) return undefined;
      const stream = (offset: number, length: number): ReadableStream<Uint8Array> =>
        streamOf(bytes.subarray(offset, offset + length));
      return { size: bytes.length, stream, close: async () => undefined };
    },
    hasBlob: async (digest, size) => blobs.get(digest)?.length === size,
    writeBlob: refuse,
    deleteBlob: refuse,
    async *blobs() {
      for (const [digest, { length }] of blobs) yield { digest, size: length };
    },
  };
}
