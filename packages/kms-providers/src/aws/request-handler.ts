import type { Fetch } from '@notarykit/common/internal';
import { exchangeForSdk } from '../remote/sdk-exchange.js';

/** A request as the AWS SDK hands it to its `requestHandler`. */
export interface AwsHttpRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the AWS SDK takes as `requestHandler`. */
export interface AwsRequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(
    request: AwsHttpRequest,
    options?: { readonly abortSignal?: unknown; readonly requestTimeout?: number },
  ): Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Uint8Array } }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): object;
  destroy(): void;
}

const names = [
  ...['content-type', 'content-length', 'date', 'retry-after', 'x-amzn-requestid', 'x-amzn-request-id'],
  ...['x-amz-request-id', 'x-amz-id-2', 'x-amzn-errortype', 'x-amzn-query-error', 'x-amz-retry-after'],
];

/**
 * Lets a client of AWS send its requests over a `Fetch`, with the same proxy and authorities as everything else. For clients of small
 * requests and answers (1 MiB), such as KMS and STS.
 *
 * @example
 * ```ts
 * const fetch = createTransport({ proxy: 'env', ca });
 * const client = new KMS({ region: 'eu-west-1', requestHandler: awsRequestHandler(fetch) });
 * ```
 */
export function awsRequestHandler(fetch: Fetch): AwsRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal, requestTimeout } = {}) {
      const { method, headers, body } = request;
      const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
      const asked = { url: urlOf(request), method, headers, body, signal, timeoutMs: requestTimeout };
      const answer = await exchangeForSdk(fetch, asked, names);
      return { response: { statusCode: answer.status, headers: answer.headers, body: answer.body } };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
}

function urlOf({ protocol, hostname, port, path, query = {} }: AwsHttpRequest): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values ?? ''].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  const place = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
  return pairs.length === 0 ? place : `${place}?${pairs.join('&')}`;
}
