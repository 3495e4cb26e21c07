import {
  type CallOptions,
  decodeUtf8,
  defined,
  type Fetch,
  isJsonObject,
  type JsonObject,
  parseJson,
  parseRetryAfter,
  readBytes,
  utf8,
} from '@notarykit/common/internal';
import { SignerError } from '@notarykit/signature-envelope/internal';
import { timeLimited } from './open-once.js';

/** A request to a service that speaks JSON. */
export interface JsonRequest extends CallOptions {
  readonly fetch: Fetch;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Makes it a POST. */
  readonly body?: JsonObject | undefined;
  /** As `body`, sent as a form. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Makes the error of an exchange that failed. */
  readonly fail: (reason: 'unavailable' | 'timeout', message: string, cause: unknown) => Error;
}

/** An answer, whatever its status. */
export interface JsonAnswer {
  /** 0 for a redirect in a browser, which shows no more of it. */
  readonly status: number;
  /** Empty for what is not a JSON object; `isObject` tells. */
  readonly answer: JsonObject;
  readonly isObject: boolean;
  /** How long the service asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

const mostBytes = 1024 * 1024;

/**
 * One exchange, bounded in time and size. An answer that was cut, is too long or is not text says nothing of the request: such a
 * failure counts as a service that is not available, and may be tried again.
 */
export async function exchangeJson(request: JsonRequest): Promise<JsonAnswer> {
  const { signal, fail } = request;
  try {
    return await timeLimited(request.timeoutMs, signal, (limited) => exchange(request, limited));
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    if (cause instanceof SignerError && cause.reason === 'invalid-request') throw cause;
    const isLate = cause instanceof SignerError && cause.reason === 'timeout';
    throw isLate
      ? fail('timeout', cause.message, cause)
      : fail('unavailable', 'no complete answer was received', cause);
  }
}

async function exchange({ fetch, url, headers, body, form }: JsonRequest, signal: AbortSignal): Promise<JsonAnswer> {
  const inJson = body === undefined ? undefined : JSON.stringify(body);
  const text = form === undefined ? inJson : new URLSearchParams(form).toString();
  // As a plain function: the platform's own must not be called as a method of something else.
  const response = await fetch(url, {
    method: text === undefined ? 'GET' : 'POST',
    headers: {
      'content-type': form === undefined ? 'application/json' : 'application/x-www-form-urlencoded',
      ...headers,
    },
    ...(text === undefined ? {} : { body: utf8(text) }),
    signal,
    // A redirect would carry the token to another host.
    redirect: 'manual',
  });
  const bytes =
    response.body === null ? new Uint8Array() : await readBytes(response.body, { limit: mostBytes, signal });
  const answer = parseAnswer(bytes, response.status);
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), Date.now());
  const asked = defined({ retryAfterMs });
  return { status: response.status, answer: answer ?? {}, isObject: answer !== undefined, ...asked };
}

/** An error's page may be anything; what says that it went well must be readable. */
function parseAnswer(bytes: Uint8Array, status: number): JsonObject | undefined {
  try {
    const answer = parseJson(decodeUtf8(bytes));
    return isJsonObject(answer) ? answer : undefined;
  } catch (cause) {
    if (status === 200) throw cause;
    return undefined;
  }
}
