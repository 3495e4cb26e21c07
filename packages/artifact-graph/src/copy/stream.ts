import { asVerified, type Descriptor, verifyStream } from '@notarykit/oci';

/** What is told while a stream passes. */
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
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let cancelled = false;
  const next = async (): Promise<ReadableStreamReadResult<Uint8Array>> => {
    reader ??= verifyStream(await open(), descriptor).getReader();
    if (cancelled) await reader.cancel();
    return await reader.read();
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await next();
          if (cancelled) return;
          if (done) return controller.close();
          observer.bytes(value.length);
          controller.enqueue(value);
        } catch (error) {
          observer.failed(error);
          throw error;
        }
      },
      async cancel(reason) {
        cancelled = true;
        await reader?.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return asVerified(stream, descriptor);
}
