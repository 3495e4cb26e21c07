import { type Fetch, type FetchResponse, isCodedError } from '@notarykit/common/internal';
import { createTransport, type TransportOptions } from '@notarykit/transport/internal';
import { checkRevocationUrl, PkiError } from '../internal.js';

/** How {@link revocationFetch} connects. `addresses`: give the checker the same; unlike other transports this one has rules by default. */
export interface RevocationFetchOptions extends TransportOptions {
  /** Connects to `https` too, for the checker's `httpsRedirects`; servers are verified against `ca`, else as Node does. Default false. */
  readonly https?: boolean;
}

/**
 * A transport for URLs that strangers choose: http only unless `https` is set, and every address is checked **when it is connected to**, so that
 * neither a name that resolves to this machine nor one that changes between two look-ups gets through. It follows no redirect and sends
 * no cookie.
 *
 * A proxy is the caller's choice (`proxy`), never that of a certificate. It resolves names by itself: literal addresses and names that
 * say where they lead are checked before the request, and where other names lead is left to the rules of the proxy; `onlyHosts` narrows it.
 *
 * The returned function rejects with a `PkiError` `ERR_PKI_REVOCATION` for a URL or address that is not allowed, and with a
 * `TransportError` when the request fails.
 *
 * @example
 * ```ts
 * const revocation = createRevocationChecker({ fetch: revocationFetch() });
 * const behindProxy = createRevocationChecker({ fetch: revocationFetch({ proxy: 'env', onlyHosts: ['pki.wabbit.internal'] }) });
 * ```
 */
export function revocationFetch({ https = false, addresses = {}, ...options }: RevocationFetchOptions = {}): Fetch {
  const transport = createTransport({ ...options, addresses });
  return async (text, init = {}) => {
    init.signal?.throwIfAborted();
    const url = checkRevocationUrl(text, addresses, { https });
    // One connection for one request: none that is kept answers for a name after it leads elsewhere.
    const headers = { ...init.headers, connection: 'close' };
    return await refusedAs(transport(url.href, { ...init, headers }));
  };
}

/** A host that the transport refuses is refused like one that the certificate names literally. */
async function refusedAs(answer: Promise<FetchResponse>): Promise<FetchResponse> {
  try {
    return await answer;
  } catch (cause) {
    if (!isCodedError(cause) || cause.code !== 'ERR_TRANSPORT_ADDRESS') throw cause;
    throw new PkiError('ERR_PKI_REVOCATION', cause.message, { cause });
  }
}
