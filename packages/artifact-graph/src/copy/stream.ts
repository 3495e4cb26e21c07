import { type ChunkReader, chunkReaderOf, streamFrom } from '@notarykit/common/internal';
import { asVerified, type Descriptor, verifyStream } from '@notarykit/oci/internal';

/** What is reported while a stream passes. */
export interface StreamObserver {
  readonly bytes: (count: number) => void;
  readonly failed: (error: unknown) => void;
}

/** Content of a repository as a stream that is opened when it is first read, so that opening may wait; checked while it is read. */
export function lazyStream(
  descriptor: Descriptor,
  open: () => Promise<ReadableStream<Uint8Array>>,
  observer: StreamObserver,
): ReadableStream<Uint8Array> {
  let reader: ChunkReader | undefined;
  let cancelled = false;
  const stream = streamFrom({
    async read(reuse) {
      try {
        reader ??= chunkReaderOf(verifyStream(await open(), descriptor));
        if (cancelled) await reader.cancel();
        const chunk = cancelled ? undefined : await reader.read(reuse);
        if (chunk !== undefined) observer.bytes(chunk.length);
        return chunk;
      } catch (error) {
        observer.failed(error);
        throw error;
      }
    },
    async cancel(reason) {
      cancelled = true;
      await reader?.cancel(reason);
    },
  });
  return asVerified(stream, descriptor);
}
