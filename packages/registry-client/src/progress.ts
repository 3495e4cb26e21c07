import type { Digest } from '@notarykit/oci/internal';

/** What a transfer tells while it runs. */
export type ProgressEvent =
  | {
      /** Bytes moved so far; at most ten a second for each item, and one at the end. */
      readonly type: 'download' | 'upload';
      readonly repository: string;
      readonly digest: Digest;
      readonly bytes: number;
      readonly total: number;
    }
  | {
      /** The content was there already, or was taken over from another repository. */
      readonly type: 'skipped' | 'mounted';
      readonly repository: string;
      readonly digest: Digest;
      readonly total: number;
    }
  | {
      /** A request failed and is tried again after a pause. */
      readonly type: 'retry';
      readonly method: string;
      readonly url: string;
      readonly code: string;
      readonly waitMs: number;
    };

/** Takes progress events. What it throws ends the transfer. */
export type OnProgress = (event: ProgressEvent) => void;

const intervalMs = 100;

/** Reports the bytes of one transfer, not more often than every 100 ms. */
export function progressOf(
  onProgress: OnProgress | undefined,
  item: {
    readonly type: 'download' | 'upload';
    readonly repository: string;
    readonly digest: Digest;
    readonly total: number;
  },
): (bytes: number) => void {
  if (onProgress === undefined) return () => undefined;
  let last = Number.NEGATIVE_INFINITY;
  return (bytes) => {
    const now = performance.now();
    if (bytes < item.total && now - last < intervalMs) return;
    last = now;
    onProgress({ ...item, bytes });
  };
}
