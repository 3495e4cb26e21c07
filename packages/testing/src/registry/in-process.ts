import { copyBytes, type Fetch, type FetchInit, type FetchResponse, iterate } from '@notarykit/common/internal';
import { iterateBody, pieces } from './http/bodies.js';
import type { Answer, RegistryRequest } from './http/exchange.js';

type Handle = (request: RegistryRequest) => Promise<Answer>;

/** A registry as a `fetch`: no socket, the same answers. A cut connection is the `TypeError` that a platform's fetch gives. */
export function inProcess(handle: Handle, closed: AbortSignal): Fetch {
  return async (url, init = {}) => {
    init.signal?.throwIfAborted();
    const request = requestOf(url, init, closed);
    return responseOf(request, await answered(handle(request), init.signal));
  };
}

function requestOf(url: string, init: FetchInit, closed: AbortSignal): RegistryRequest {
  const method = (init.method ?? 'GET').toUpperCase();
  const headers = new Headers(init.headers ?? {});
  const body = init.body;
  if (body instanceof Uint8Array) headers.set('content-length', String(body.length));
  else if (body === undefined && method !== 'GET' && method !== 'HEAD') headers.set('content-length', '0');
  return {
    method,
    url: new URL(url),
    headers,
    body: body === undefined ? undefined : body instanceof Uint8Array ? pieces(body) : iterate(body, init.signal),
    signal: init.signal === undefined ? closed : AbortSignal.any([init.signal, closed]),
  };
}

/** The answer, or the caller's abort, or the failure of a connection. */
async function answered(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new TypeError('fetch failed', {
      cause: Object.assign(new Error('socket hang up', { cause }), { code: 'ECONNRESET' }),
    });
  }
}

function responseOf(request: RegistryRequest, answer: Answer): FetchResponse {
  const bare = request.method === 'HEAD' || [204, 304].includes(answer.status);
  const headers = new Headers(answer.headers.map(([name, value]): [string, string] => [name, value]));
  const response = new Response(bare ? null : streamed(iterateBody(answer.body)), { status: answer.status, headers });
  return Object.defineProperty(response, 'url', { value: request.url.href });
}

function streamed(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next().catch((cause: unknown) => {
        throw new TypeError('terminated', { cause });
      });
      if (done) controller.close();
      else controller.enqueue(copyBytes(value));
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}
