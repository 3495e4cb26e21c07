import {
  copyBytes,
  defined,
  describeKind,
  type Fetch,
  type FetchResponse,
  readBytes,
  utf8,
} from '@notarykit/common/internal';
import { SignerError } from '@notarykit/signature-envelope/internal';
import { requireFunction } from './brought.js';

/** A request of an SDK that our transport makes. */
export interface SdkRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds; 0 for no limit. */
  readonly timeoutMs?: number | undefined;
}

/** Its answer: the headers by lower-case name, the body whole. */
export interface SdkAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

const mostBytes = 1024 * 1024;

/** One exchange of an SDK. A redirect is returned as it is: our transport follows none, and the SDK decides. */
export async function exchangeForSdk(fetch: Fetch, request: SdkRequest, names: readonly string[]): Promise<SdkAnswer> {
  requireFunction(fetch, 'fetch');
  const body = bytesOf(request.body);
  const signal = signalOf(request);
  const call = defined({ signal });
  const response = await fetch(request.url, {
    method: request.method,
    headers: { ...request.headers },
    redirect: 'manual',
    ...defined({ body }),
    ...call,
  });
  const bytes =
    response.body === null ? new Uint8Array() : await readBytes(response.body, { limit: mostBytes, ...call });
  return { status: response.status, headers: headersOf(response, names), body: bytes };
}

function signalOf({ signal, timeoutMs = 0 }: SdkRequest): AbortSignal | undefined {
  if (timeoutMs <= 0) return signal;
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return utf8(body);
  if (body instanceof Uint8Array) return copyBytes(body);
  throw new SignerError(`body of a request: expected a string or bytes, found ${describeKind(body)}`, {
    reason: 'invalid-request',
  });
}

/** The port `Fetch` gives headers only by name: these are the ones that the SDKs read. */
function headersOf({ headers }: FetchResponse, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) found[name] = value;
  }
  return found;
}
