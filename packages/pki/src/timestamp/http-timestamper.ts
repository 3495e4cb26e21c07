import {
  type Bytes,
  type CallOptions,
  checkedRetries,
  type Failure,
  type Fetch,
  type FetchResponse,
  isCodedError,
  isTimeout,
  LimitError,
  parseRetryAfter,
  quote,
  type RetryPolicy,
  readBytes,
  secretsOfFetch,
  withDeadline,
  withoutSecrets,
  withRetries,
} from '@notarykit/common/internal';
import { PkiError } from '../errors.js';
import { quoteUrl } from '../quote-url.js';
import { failureOf } from '../request-failure.js';
import { requireFetch } from '../require-fetch.js';
import type { Certificate } from '../x509/certificate.js';
import { buildTimestampRequest } from './request.js';
import { openTimestampResponse } from './response.js';
import type { Timestamper } from './timestamper.js';
import { verifyTimestampToken } from './token.js';

/** How {@link createHttpTimestamper} asks. */
export interface HttpTimestamperOptions {
  /** http or https, without credentials. */
  readonly url: string;
  /** Trusted certificates of the authority: what it sends is verified before it is passed on. */
  readonly roots: readonly Certificate[];
  readonly fetch: Fetch;
  /** Retries after the statuses 408, 429, 502, 503 and 504. Default: 2 retries, the rest as for `retrying` of signers. */
  readonly retry?: RetryPolicy;
  /** Milliseconds, for each request. Default 15,000. */
  readonly timeoutMs?: number;
  /** The most bytes of an answer. Default 1 MiB. */
  readonly maxBytes?: number;
  /** The clock. Default the system's. */
  readonly now?: () => Date;
}

/**
 * A timestamper that asks an RFC 3161 authority over HTTP, and verifies the token that it sends. A request to a busy authority is repeated,
 * not before the time that it asks for (`Retry-After`); after any other failure it is not.
 *
 * @throws {PkiError} `ERR_PKI_TSA` at once for an invalid URL, one with credentials, or no `fetch`; each request rejects with `ERR_PKI_TSA`
 * when the authority sends no timestamp token for it, and with another code of {@link PkiError} when the token is not valid
 *
 * @example
 * ```ts
 * const timestamper = createHttpTimestamper({ url: 'http://timestamp.digicert.com', roots, fetch });
 * const token = await timestamper.timestamp(signature, 'sha256');
 * ```
 */
export function createHttpTimestamper(options: HttpTimestamperOptions): Timestamper {
  requireFetch(options, 'ERR_PKI_TSA', 'createTransport() of @notarykit/transport');
  const url = checkUrl(options.url);
  const { roots, now = () => new Date() } = options;
  const retry = checkedRetries(
    { retries: 2, ...options.retry },
    (text) => new PkiError('ERR_PKI_TSA', `retry: ${text}`),
  );
  const once: Timestamper['timestamp'] = async (message, hash, call) => {
    const request = buildTimestampRequest(message, hash);
    const answer = await post(url, request.der, options, call);
    const token = await openTimestampResponse(answer, { message, hash, nonce: request.nonce });
    await verifyTimestampToken(token, { message, hash, roots, at: now() });
    return token;
  };
  const timestamp: Timestamper['timestamp'] = (message, hash, call) =>
    withRetries(() => once(message, hash, call), retry, passing, call?.signal);
  const secrets = (): readonly string[] => secretsOfFetch(options.fetch);
  return { timestamp: (...request) => withoutSecrets(secrets, () => timestamp(...request)) };
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : refuse(`a URL of a timestamping authority, found ${quoteUrl(text)}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') refuse(`an http or https URL, found ${quoteUrl(text)}`);
  if (url.username !== '' || url.password !== '') refuse('a URL without credentials, found some');
  return url.href;
}

async function post(url: string, body: Bytes, options: HttpTimestamperOptions, call: CallOptions = {}): Promise<Bytes> {
  const { timeoutMs = 15_000 } = options;
  try {
    return await withDeadline(timeoutMs, call.signal, (signal) => exchange(url, body, options, signal));
  } catch (cause) {
    call.signal?.throwIfAborted();
    if (isCodedError(cause) && cause.code === 'ERR_PKI_TSA') throw cause;
    const why = isTimeout(cause) ? `none: timed out after ${timeoutMs} ms` : failureOf(cause);
    throw new PkiError('ERR_PKI_TSA', `expected an answer from ${quoteUrl(url)}, found ${why}`, { cause });
  }
}

async function exchange(
  url: string,
  body: Bytes,
  { fetch, maxBytes = 1024 * 1024 }: HttpTimestamperOptions,
  signal: AbortSignal,
): Promise<Bytes> {
  const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' };
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  const type = response.headers.get('content-type') ?? '';
  const [essence = ''] = type.split(';');
  if (response.status !== 200 || response.body === null || essence.trim().toLowerCase() !== headers.accept) {
    await response.body?.cancel();
    const found = `found status ${response.status}, ${quote(type)}`;
    refuse(`status 200 and ${headers.accept} from ${quoteUrl(url)}, ${found}`, failureIn(response));
  }
  try {
    return await readBytes(response.body, { limit: maxBytes, signal });
  } catch (cause) {
    if (!(cause instanceof LimitError)) throw cause;
    throw new PkiError('ERR_PKI_TSA', `expected at most ${maxBytes} bytes from ${quoteUrl(url)}, found more`, {
      cause,
    });
  }
}

/** Statuses of an authority, or a proxy in front of it, that is busy. */
const busy: readonly number[] = [408, 429, 502, 503, 504];

function failureIn({ status, headers }: FetchResponse): Failure {
  if (!busy.includes(status)) return { retryable: false };
  return { retryable: true, retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()) };
}

/** Only errors of {@link refuse} say whether a retry may succeed. */
function passing(error: unknown): Failure {
  return isCodedError(error) && error.code === 'ERR_PKI_TSA' ? ((error.detail ?? {}) as Failure) : {};
}

function refuse(message: string, detail: Failure = { retryable: false }): never {
  throw new PkiError('ERR_PKI_TSA', `expected ${message}`, { detail });
}
