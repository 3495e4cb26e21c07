import type { Metrics } from '../metrics/metrics.js';
import type { PlainAnswer } from './plain.js';

/** What health is answered by. */
export interface ProbeOptions {
  /** Whether policy, stores and keys are loaded; `/readyz` answers by it. Default always. */
  readonly ready?: () => boolean;
}

/** The answers to `/healthz` and `/readyz`; nothing for other paths. They tell no more than that. */
export function answerProbe(pathname: string, { ready }: ProbeOptions): PlainAnswer | undefined {
  if (pathname === '/healthz') return plain(200, 'ok');
  if (pathname === '/readyz') return ready?.() === false ? plain(503, 'not ready') : plain(200, 'ok');
  return undefined;
}

/** The answer to `/metrics`. */
export function answerMetrics(metrics: Metrics): PlainAnswer {
  return {
    status: 200,
    contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    body: metrics.render(),
  };
}

/** A plain-text answer. */
export function plain(status: number, body: string): PlainAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}
