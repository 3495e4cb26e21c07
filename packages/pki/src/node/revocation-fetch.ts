import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { addressKind, type Fetch, type FetchInit, type FetchResponse, quote } from '@notarykit/common';
import { PkiError } from '../errors.js';
import { type AddressRules, checkRevocationUrl, isAllowedAddress } from '../revocation/url-rules.js';

/** How {@link revocationFetch} connects. */
export interface RevocationFetchOptions {
  /** Which networks it may connect to. Give the checker the same. */
  readonly addresses?: AddressRules;
  /** Connects to `https` too, for the checker's `httpsRedirects`; servers are verified as Node does. Default false. */
  readonly https?: boolean;
  /** Resolves names. Default `dns.lookup`. */
  readonly lookup?: LookupFunction;
}

/**
 * A transport for URLs that strangers choose: http only unless `https` is set, and every address is checked **when it is connected to**, so that
 * neither a name that resolves to this machine nor one that changes between two look-ups gets through. It follows no redirect,
 * knows no proxy and sends no cookie.
 *
 * @example
 * ```ts
 * const revocation = createRevocationChecker({ fetch: revocationFetch() });
 * ```
 */
export function revocationFetch(options: RevocationFetchOptions = {}): Fetch {
  const lookup = guardedLookup(options.lookup ?? (systemLookup as LookupFunction), options.addresses);
  return async (text, init = {}) => {
    init.signal?.throwIfAborted();
    const url = checkRevocationUrl(text, options.addresses, { https: options.https === true });
    return exchange(url, init, lookup);
  };
}

/** Passes addresses on that the rules allow; a name with a single one that they refuse is refused whole. */
function guardedLookup(lookup: LookupFunction, rules: AddressRules | undefined): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const addresses = typeof found === 'string' ? [{ address: found, family: options.family === 6 ? 6 : 4 }] : found;
      const refused = addresses.find(({ address }) => !isAllowed(address, rules));
      const [first] = addresses;
      if (refused !== undefined || first === undefined) callback(refusal(hostname, refused?.address), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function isAllowed(address: string, rules: AddressRules | undefined): boolean {
  const kind = addressKind(address);
  return kind !== undefined && isAllowedAddress(kind, rules);
}

function refusal(hostname: string, address = 'none'): PkiError {
  return new PkiError(
    'ERR_PKI_REVOCATION',
    `expected a host that resolves to allowed addresses, found ${quote(hostname)} at ${quote(address)}`,
  );
}

function exchange(url: URL, init: FetchInit, lookup: LookupFunction): Promise<FetchResponse> {
  const { method = 'GET', headers = {}, body, signal } = init;
  if (body !== undefined && !(body instanceof Uint8Array)) {
    throw new PkiError('ERR_PKI_REVOCATION', 'expected bytes as body of a request for revocation, found a stream');
  }
  const length = body === undefined ? {} : { 'content-length': String(body.length) };
  const options: RequestOptions = { method, headers: { ...headers, ...length }, lookup, agent: false };
  if (signal !== undefined) options.signal = signal;
  return new Promise((resolve, reject) => {
    const begin = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = begin(url, options, (incoming) => resolve(responseOf(url, incoming)));
    request.once('error', (error) => reject(signal?.aborted === true ? (signal.reason as Error) : error));
    request.end(body);
  });
}

function responseOf(url: URL, incoming: IncomingMessage): FetchResponse {
  const header = (name: string): string | null => {
    const value = incoming.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  };
  const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
  return { status: incoming.statusCode ?? 0, headers: { get: header }, url: url.href, body };
}
