/** What is told while a stream passes. */
export interface StreamObserver {
  readonly bytes: (count: number) => void;
  readonly failed: (error: unknown) => void;
}

/** A stream that is opened when it is first read, so that opening may wait. */
export function lazyStream(
  open: () => Promise<ReadableStream<Uint8Array>>,
  observer: StreamObserver,
): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let cancelled = false;
  const next = async (): Promise<ReadableStreamReadResult<Uint8Array>> => {
    reader ??= (await open()).getReader();
    if (cancelled) await reader.cancel();
    return await reader.read();
  };
  return new ReadableStream<Uint8Array>(
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
}
