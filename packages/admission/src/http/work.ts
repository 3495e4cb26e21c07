import type { Metrics } from '../metrics/metrics.js';
import type { PlainAnswer, PlainRequest } from './plain.js';

/** Bounds of the work of a server, and where it is measured. */
export interface WorkOptions {
  /** Most requests under way at once; any further one is `busy`. Default 256. */
  readonly maxInFlight: number | undefined;
  readonly metrics: Metrics;
  /** The histogram of the time that requests take. */
  readonly histogram: string;
}

/** Answers one request within so many milliseconds. */
export type Work = (
  request: PlainRequest,
  about: { readonly route: string; readonly milliseconds: number },
  answer: (busy: boolean, signal: AbortSignal) => Promise<PlainAnswer>,
) => Promise<PlainAnswer>;

/** Counts what is under way, starts the deadline of each request, and measures it. */
export function createWork({ maxInFlight = 256, metrics, histogram }: WorkOptions): Work {
  let inFlight = 0;
  return async (request, { route, milliseconds }, answer) => {
    const start = performance.now();
    const busy = ++inFlight > maxInFlight;
    const deadline = request.deadline(milliseconds);
    try {
      return await answer(busy, deadline.signal);
    } finally {
      deadline.stop();
      inFlight--;
      metrics.observe(histogram, (performance.now() - start) / 1000, { route });
    }
  };
}
