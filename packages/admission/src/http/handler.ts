import { CodedError, type Logger } from '@notarykit/common/internal';
import { checkKinds } from '../images/places.js';
import { createMetrics, type Metrics } from '../metrics/metrics.js';
import { parseReview } from '../review/request.js';
import { type ReviewOptions, review } from '../review/review.js';
import type { AdmissionResponse } from '../types.js';
import { maxBodySize } from './body.js';
import { type DeadlineOptions, deadlineMs } from './deadline.js';
import type { AdmissionHandler } from './plain.js';
import { type PlainAnswer, type PlainRequest, webHandler } from './plain.js';
import { answerMetrics, answerProbe, type ProbeOptions, plain } from './probes.js';
import { createWork } from './work.js';

/** How a handler answers. */
export interface AdmissionHandlerOptions extends DeadlineOptions, ProbeOptions {
  /** What is true for both routes; read for each request, so that a reload is seen whole or not at all. */
  readonly review: Omit<ReviewOptions, 'signal' | 'tags'> | (() => Omit<ReviewOptions, 'signal' | 'tags'>);
  /** `digests`: the mutating route pins tags and the validating route refuses bare ones. Default `keep`. */
  readonly tags?: 'digests' | 'keep';
  /** Default `/mutate` and `/validate`. */
  readonly paths?: { readonly mutate?: string; readonly validate?: string };
  /** Most bytes of a request. Default 7 MiB. */
  readonly maxBodySize?: number;
  /** Most reviews under way at once; more are refused at once. Default 256. */
  readonly maxInFlight?: number;
  readonly metrics?: Metrics;
  readonly logger?: Logger;
}

/**
 * Serves a validating and a mutating webhook, health and metrics.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` for a pointer of a kind that can never lead to an image
 *
 * @example
 * ```ts
 * const handler = createAdmissionHandler({ review: { verify }, tags: 'digests' });
 * Deno.serve({ cert, key }, handler);
 * ```
 */
export function createAdmissionHandler(options: AdmissionHandlerOptions): AdmissionHandler {
  if (typeof options.review !== 'function') checkKinds(options.review.kinds ?? []);
  const metrics = options.metrics ?? createMetrics();
  const mutate = options.paths?.mutate ?? '/mutate';
  const validate = options.paths?.validate ?? '/validate';
  const routes: Readonly<Record<string, (request: PlainRequest) => Promise<PlainAnswer>>> = {
    [mutate]: (request) => serve(request, 'mutate'),
    [validate]: (request) => serve(request, 'validate'),
  };
  const { maxInFlight } = options;
  const work = createWork({ maxInFlight, metrics, histogram: 'notarykit_admission_review_seconds' });

  const serve = async (request: PlainRequest, route: 'mutate' | 'validate'): Promise<PlainAnswer> => {
    if (request.method !== 'POST') return plain(405, 'expected POST');
    const about = { route, milliseconds: deadlineMs(request.url, options) };
    return work(request, about, async (busy, signal) => {
      try {
        return await answer(request, route, busy, signal);
      } catch (error) {
        return failure(error, options.logger);
      }
    });
  };

  const answer = async (
    request: PlainRequest,
    route: 'mutate' | 'validate',
    busy: boolean,
    signal: AbortSignal,
  ): Promise<PlainAnswer> => {
    const { apiVersion, request: asked } = parseReview(await request.body(options.maxBodySize ?? maxBodySize, signal));
    const response = busy ? overloaded(asked.uid) : await review(asked, { ...reviewOptions(options, route), signal });
    metrics.count('notarykit_admission_reviews', { route, decision: response.allowed ? 'allowed' : 'refused' });
    for (const code of response.auditAnnotations?.['codes']?.split(',') ?? [])
      if (code !== '') metrics.count('notarykit_admission_images', { code });
    const body = JSON.stringify(
      apiVersion === undefined ? response : { apiVersion, kind: 'AdmissionReview', response },
    );
    return { status: 200, contentType: 'application/json', body };
  };

  return webHandler(async (request) => {
    const { pathname } = request.url;
    const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    if (route !== undefined) return route(request);
    if (pathname === '/metrics') return answerMetrics(metrics);
    return answerProbe(pathname, options) ?? plain(404, 'not found');
  });
}

function reviewOptions(options: AdmissionHandlerOptions, route: 'mutate' | 'validate'): ReviewOptions {
  const common = typeof options.review === 'function' ? options.review() : options.review;
  if (options.tags !== 'digests') return { ...common, tags: 'keep' };
  return { ...common, tags: route === 'mutate' ? 'pin' : 'require-digest' };
}

function overloaded(uid: string): AdmissionResponse {
  return {
    uid,
    allowed: false,
    status: { code: 429, reason: 'TooManyRequests', message: 'OVERLOADED: too many reviews are under way; try again' },
    auditAnnotations: { decision: 'deny', codes: 'OVERLOADED' },
  };
}

const statuses: Readonly<Record<string, number>> = { ERR_ADMISSION_TOO_LARGE: 413, ERR_ADMISSION_TIMEOUT: 408 };

/** Bodies of errors are quoted to users by the API server: only our own words, never a cause. */
function failure(error: unknown, logger: Logger | undefined): PlainAnswer {
  const known = error instanceof CodedError;
  const code = known ? error.code : 'ERR_ADMISSION_REQUEST';
  logger?.warn?.('admission request refused', { code });
  return plain(statuses[code] ?? 400, known ? `${code}: ${error.message}` : code);
}
