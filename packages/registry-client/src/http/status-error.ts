import { defined, parseRetryAfter, quote, type Redactor } from '@notarykit/common/internal';
import { OciError } from '@notarykit/oci/internal';
import { RegistryError, type RegistryErrorCode, type RegistryErrorDetail } from '../errors.js';
import { parseErrorBody } from './error-body.js';
import { type RegistryRequest, type RegistryResponse, whereHidden } from './message.js';
import { nameOf } from './url.js';

const codes: Readonly<Record<number, RegistryErrorCode>> = {
  401: 'ERR_REGISTRY_UNAUTHORIZED',
  403: 'ERR_REGISTRY_DENIED',
  405: 'ERR_REGISTRY_UNSUPPORTED',
  408: 'ERR_REGISTRY_UNAVAILABLE',
  409: 'ERR_REGISTRY_CONFLICT',
  412: 'ERR_REGISTRY_CONFLICT',
  413: 'ERR_REGISTRY_TOO_LARGE',
  425: 'ERR_REGISTRY_UNAVAILABLE',
  429: 'ERR_REGISTRY_RATE_LIMITED',
  501: 'ERR_REGISTRY_UNSUPPORTED',
};

/** Statuses after which the same request may succeed. */
export const retryableStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 522, 524]);

/** Where a request went, and by which account. */
export interface StatusContext {
  readonly account: string | undefined;
  /** Whether the answer is from the registry's own origin: credentials are sent to no other. */
  readonly own: boolean;
  readonly redactor: Redactor;
}

/** The coded error of an answer that the caller did not expect. */
export function statusError(
  request: RegistryRequest,
  response: RegistryResponse,
  registry: string,
  { account, own, redactor }: StatusContext,
): RegistryError | OciError {
  const { status } = response;
  const { errors, oauthError } = parseErrorBody(response.bytes, redactor.value);
  const requestId = response.headers.get('x-request-id') ?? response.headers.get('x-ms-correlation-request-id');
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), Date.now());
  const detail: RegistryErrorDetail = {
    registry,
    method: request.method,
    url: nameOf(request),
    status,
    errors,
    retryable: retryableStatuses.has(status),
    ...defined({ account, oauthError }),
    ...(requestId === null ? {} : { requestId: redactor.text(requestId).slice(0, 100) }),
    ...defined({ retryAfterMs }),
  };
  const message = describe(request, detail, response, own);
  if (status === 404) return new OciError('ERR_OCI_NOT_FOUND', message, { detail });
  if (request.method !== 'DELETE' && errors.some(({ code }) => code === 'DIGEST_INVALID')) {
    return new OciError('ERR_OCI_DIGEST_MISMATCH', message, { detail });
  }
  return new RegistryError(codeOf(status, detail), message, { detail });
}

function codeOf(status: number, { method, errors = [] }: RegistryErrorDetail): RegistryErrorCode {
  // A deletion that is not supported may be answered so (distribution-spec, "Deleting tags"): distribution asks for a digest then.
  if (status === 400 && (method === 'DELETE' || errors.some(({ code }) => code === 'UNSUPPORTED')))
    return 'ERR_REGISTRY_UNSUPPORTED';
  const code = codes[status];
  if (code !== undefined) return code;
  if (status >= 500) return 'ERR_REGISTRY_UNAVAILABLE';
  return status >= 300 && status < 400 ? 'ERR_REGISTRY_REDIRECT' : 'ERR_REGISTRY_PROTOCOL';
}

function describe(
  request: RegistryRequest,
  detail: RegistryErrorDetail,
  response: RegistryResponse,
  own: boolean,
): string {
  const [first] = detail.errors ?? [];
  const said =
    first === undefined ? '' : ` ${first.code}${first.message === undefined ? '' : ` ${quote(first.message)}`}`;
  const who = detail.account === undefined ? 'anonymously' : `as ${quote(detail.account)}`;
  const hint = hintOf(detail, response, own);
  return `${detail.registry} answered ${request.method} ${detail.url} (${who}) with ${detail.status}${said}${hint}`;
}

function hintOf({ status, registry, account }: RegistryErrorDetail, response: RegistryResponse, own: boolean): string {
  if (status === 404) return ' (not found, or not visible to this account)';
  if (status !== 401) return '';
  if (!own)
    return `; ${registry} sent the request to this host, and no credentials go with it: the registry must give a URL that needs none, or name itself`;
  if (response.headers.get('www-authenticate') === null)
    return `; it does not say how to authenticate (no WWW-Authenticate)${whereHidden(response, 'WWW-Authenticate')}`;
  return account === undefined ? '; no account was sent: set the option "credentials"' : '';
}
