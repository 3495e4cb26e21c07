import type { Logger } from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';
import type { DeadlineOptions } from '../http/deadline.js';
import type { AdmissionHandler } from '../http/plain.js';
import { type PlainAnswer, type PlainRequest, webHandler } from '../http/plain.js';
import { answerMetrics, answerProbe, type ProbeOptions } from '../http/probes.js';
import { createWork } from '../http/work.js';
import { createMetrics, type Metrics } from '../metrics/metrics.js';
import type { VerifyImage } from '../verdict.js';
import { askEach } from '../verify/ask-each.js';
import { answerOf, resultOf, statusOf } from './answer.js';
import { checkMethod, failure, jsonAnswer } from './failure.js';
import { openApiDocument } from './openapi.js';
import { paths } from './paths.js';
import { parseVerificationRequest, refusalStatusOf } from './request.js';

/** Who may ask: told the header `Authorization`, says whether it is good. */
export type Authorize = (authorization: string | undefined) => boolean | Promise<boolean>;

/** What a service answers with: one verifier for each route; a route without one is not there. */
export interface VerificationRoutes {
  /** `/v1/verify`: signatures. */
  readonly verify: VerifyImage;
  /** `/v1/gate`: signatures and evidence. */
  readonly gate?: VerifyImage;
  /** `/v1/explain`: all that is asked of an image, found out anew, with its decision. */
  readonly explain?: VerifyImage;
}

/** How a verification service answers. */
export interface VerificationHandlerOptions extends Pick<DeadlineOptions, 'timeoutMs'>, ProbeOptions {
  readonly routes: VerificationRoutes;
  /** Who may ask for anything but health. There is no default; `'everyone'` for servers that let only known clients connect. */
  readonly authorize: Authorize | 'everyone';
  /** Most bytes of a request. Default 65,536. */
  readonly maxBodySize?: number;
  /** Most requests under way at once; more are refused at once. Default 256. */
  readonly maxInFlight?: number;
  readonly metrics?: Metrics;
  readonly logger?: Logger;
}

/**
 * A verification service: verdicts on images as JSON, for policy engines, deployment hooks and other languages. A request names images
 * and nothing else; each path but those of health asks who calls.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` without `authorize`
 *
 * @example
 * ```ts
 * const handler = createVerificationHandler({ routes: createVerificationRoutes({ policy, open }), authorize });
 * Deno.serve({ cert, key }, handler);
 * ```
 */
export function createVerificationHandler(options: VerificationHandlerOptions): AdmissionHandler {
  const { authorize, metrics = createMetrics(), maxInFlight, timeoutMs = 9_500 } = options;
  if (authorize !== 'everyone' && typeof authorize !== 'function')
    throw new AdmissionError('ERR_ADMISSION_CONFIG', 'expected "authorize", which decides who may send requests');
  const work = createWork({ maxInFlight, metrics, histogram: 'notarykit_service_seconds' });
  const posts = postsOf(options.routes);

  const decide = (request: PlainRequest, path: string, verify: VerifyImage): Promise<PlainAnswer> =>
    work(request, { route: path, milliseconds: timeoutMs }, async (busy, signal) => {
      try {
        return await answer(request, path, { verify, busy, signal });
      } catch (error) {
        return failure(error, metrics, options.logger);
      }
    });

  const answer = async (
    request: PlainRequest,
    path: string,
    { verify, busy, signal }: { readonly verify: VerifyImage; readonly busy: boolean; readonly signal: AbortSignal },
  ): Promise<PlainAnswer> => {
    const refusalStatus = refusalStatusOf(request.url);
    const images = parseVerificationRequest(await request.body(options.maxBodySize ?? 65_536, signal));
    if (busy) throw new AdmissionError('ERR_ADMISSION_BUSY', 'too many requests are under way; try again');
    const ask = askEach(verify, { dryRun: false, signal });
    const explained = path === paths.explain;
    const results = await Promise.all(
      images.map(async (image) => resultOf(image.written, await ask(image), explained)),
    );
    for (const { code } of results) metrics.count('notarykit_service_images', { route: path, code });
    const given = answerOf(results);
    metrics.count('notarykit_service_answers', { route: path, verdict: given.verdict });
    return jsonAnswer(statusOf(given, refusalStatus), given);
  };

  return webHandler(async (request) => {
    const { pathname } = request.url;
    const probe = answerProbe(pathname, options);
    if (probe !== undefined) return probe;
    try {
      await checkCaller(authorize, request);
      const verify = Object.hasOwn(posts, pathname) ? posts[pathname] : undefined;
      if (verify === undefined) return get(pathname, request, metrics);
      checkMethod(request, 'POST');
      return await decide(request, pathname, verify);
    } catch (error) {
      return failure(error, metrics, options.logger);
    }
  });
}

function postsOf({ verify, gate, explain }: VerificationRoutes): Readonly<Record<string, VerifyImage>> {
  return {
    [paths.verify]: verify,
    ...(gate === undefined ? {} : { [paths.gate]: gate }),
    ...(explain === undefined ? {} : { [paths.explain]: explain }),
  };
}

/** What is only read. */
function get(pathname: string, request: PlainRequest, metrics: Metrics): PlainAnswer {
  if (pathname !== paths.metrics && pathname !== paths.document)
    throw new AdmissionError('ERR_ADMISSION_NOT_FOUND', 'there is nothing at this path');
  checkMethod(request, 'GET');
  return pathname === paths.metrics ? answerMetrics(metrics) : jsonAnswer(200, openApiDocument);
}

async function checkCaller(authorize: Authorize | 'everyone', request: PlainRequest): Promise<void> {
  // Only what says yes is a yes.
  if (authorize === 'everyone' || (await authorize(request.header('authorization'))) === true) return;
  throw new AdmissionError(
    'ERR_ADMISSION_UNAUTHORIZED',
    'expected "Authorization: Bearer" with a token of this server',
  );
}
