import {
  type AddressRules,
  type Bytes,
  encodeBase64,
  type Fetch,
  type FetchInit,
  type FetchResponse,
  isTimeout,
  LimitError,
  quote,
  readBytes,
  withDeadline,
} from '@notarykit/common/internal';
import { PkiError } from '../errors.js';
import { failureOf } from '../request-failure.js';
import { isText, parsePem, pemText } from '../x509/pem.js';
import { mostCrlBytes } from './crl.js';
import { mostOcspBytes } from './ocsp-response.js';
import type { OcspQuery, RevocationSource, SourceOptions } from './source.js';
import { checkRevocationUrl } from './url-rules.js';

/** How answers are fetched. */
export interface HttpSourceOptions {
  readonly fetch: Fetch;
  /** Which networks URLs may point into. */
  readonly addresses?: AddressRules;
  /** For one responder, milliseconds. Default 2,000. */
  readonly ocspTimeoutMs?: number;
  /** For one CRL, milliseconds. Default 5,000. */
  readonly crlTimeoutMs?: number;
  /** The most bytes of an OCSP answer. Default 64 KiB. */
  readonly maxOcspBytes?: number;
  /** The most bytes of a CRL. Default 32 MiB. */
  readonly maxCrlBytes?: number;
  /** Reads CRLs in PEM too, which RFC 5280, 4.2.1.13, does not allow. Default false, as in notation. */
  readonly pemCrls?: boolean;
  /**
   * Follows redirects to `https`, under the same rules for addresses; `fetch` must be able to, see `https` of `revocationFetch`. URLs of
   * certificates must be `http` all the same. Default false.
   */
  readonly httpsRedirects?: boolean;
}

const mostRedirects = 2;

interface Request {
  readonly init: FetchInit;
  readonly limit: number;
  readonly timeoutMs: number;
}

/** Answers over HTTP: every URL and every redirect checked, time and size bounded, status 200 only. */
export function httpSource(options: HttpSourceOptions): RevocationSource {
  const {
    ocspTimeoutMs = 2000,
    crlTimeoutMs = 5000,
    maxOcspBytes = mostOcspBytes,
    maxCrlBytes = mostCrlBytes,
  } = options;
  return {
    ocsp: (query, call) => {
      const { url, init } = ocspRequest(query);
      return get(url, { init, limit: maxOcspBytes, timeoutMs: ocspTimeoutMs }, options, call);
    },
    crl: async (url, call) => {
      const answer = await get(url, { init: {}, limit: maxCrlBytes, timeoutMs: crlTimeoutMs }, options, call);
      return options.pemCrls === true && isText(answer) ? derOfPem(url, answer) : answer;
    },
  };
}

function derOfPem(url: string, answer: Bytes): Bytes {
  try {
    const [block, ...more] = parsePem(pemText(answer));
    if (block?.label === 'X509 CRL' && more.length === 0) return block.der;
  } catch (cause) {
    throw new PkiError('ERR_PKI_REVOCATION', `expected a CRL from ${quote(url)}, found a text document`, { cause });
  }
  throw new PkiError('ERR_PKI_REVOCATION', `expected one CRL in PEM from ${quote(url)}, found something else`);
}

/** GET for short requests, so that caches can answer, else POST (RFC 5019, 5; RFC 6960, A.1). */
function ocspRequest({ url, request }: OcspQuery): { url: string; init: FetchInit } {
  const path = encodeURIComponent(encodeBase64(request));
  if (path.length < 255) return { url: `${url.replace(/\/$/, '')}/${path}`, init: {} };
  const headers = { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' };
  return { url, init: { method: 'POST', headers, body: request } };
}

async function get(
  url: string,
  request: Request,
  options: HttpSourceOptions,
  call: SourceOptions = {},
): Promise<Bytes> {
  const timeoutMs = Math.min(request.timeoutMs, call.timeoutMs ?? request.timeoutMs);
  try {
    return await withDeadline(timeoutMs, call.signal, (signal) => follow(url, request, options, signal));
  } catch (cause) {
    call.signal?.throwIfAborted();
    if (cause instanceof PkiError) throw cause;
    const why = isTimeout(cause) ? `none: timed out after ${timeoutMs} ms` : failureOf(cause);
    throw new PkiError('ERR_PKI_REVOCATION', `expected an answer from ${quote(url)}, found ${why}`, { cause });
  }
}

async function follow(
  first: string,
  request: Request,
  options: HttpSourceOptions,
  signal: AbortSignal,
): Promise<Bytes> {
  // Called by itself: the platform's own fetch refuses to be a method of something else.
  const { fetch } = options;
  let url = first;
  for (let hop = 0; ; hop++) {
    checkRevocationUrl(url, options.addresses, { https: hop > 0 && options.httpsRedirects === true });
    const response = await fetch(url, { ...request.init, signal, redirect: 'manual' });
    const location = redirectOf(response);
    if (location === undefined) return readAnswer(url, response, request.limit, signal);
    await response.body?.cancel();
    if (hop === mostRedirects) refuse(url, `more than ${mostRedirects} redirects`);
    url = URL.canParse(location, url) ? new URL(location, url).href : refuse(url, 'a redirect to no URL');
  }
}

function redirectOf({ status, headers }: FetchResponse): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? (headers.get('location') ?? undefined) : undefined;
}

async function readAnswer(url: string, response: FetchResponse, limit: number, signal: AbortSignal): Promise<Bytes> {
  const { status, body } = response;
  if (status !== 200 || body === null) {
    await body?.cancel();
    refuse(url, status === 200 ? 'an empty answer' : `status ${status}`);
  }
  try {
    return await readBytes(body, { limit, signal });
  } catch (cause) {
    if (!(cause instanceof LimitError)) throw cause;
    throw new PkiError('ERR_PKI_LIMIT', `expected at most ${limit} bytes from ${quote(url)}, found more`, { cause });
  }
}

function refuse(url: string, found: string): never {
  throw new PkiError('ERR_PKI_REVOCATION', `expected status 200 with an answer from ${quote(url)}, found ${found}`);
}
