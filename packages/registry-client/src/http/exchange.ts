import {
  type Bytes,
  type ChunkReader,
  CodedError,
  chunkReaderOf,
  type Fetch,
  type FetchResponse,
  isCodedError,
  LimitError,
  readBytes,
  streamFrom,
} from '@notarykit/common/internal';
import { isLight, platform } from '@notarykit/transport/internal';
import { unsupported } from '../connection.js';
import { RegistryError, type RegistryErrorDetail } from '../errors.js';
import { noBytes, type RegistryRequest, type RegistryResponse, type Send } from './message.js';
import type { Timeouts } from './timeouts.js';
import { nameOf } from './url.js';
import { startWatch, type Watch } from './watch.js';

/** What one exchange needs to know of its endpoint. */
export interface ExchangeContext {
  readonly fetch: Fetch;
  readonly registry: string;
  readonly timeouts: Required<Timeouts>;
}

const errorBodyLimit = 8 * 1024;

interface PlatformResponse extends FetchResponse {
  /** The body without a stream in between. */
  readAll?(limit: number): Promise<Bytes>;
  /** A browser says `opaqueredirect` and nothing else of a redirect that it was told not to follow, and `cors` of an answer of another origin. */
  readonly type?: string;
}

/** One HTTP exchange: no retry, no redirect, no credentials; time-outs and transport failures become coded errors. */
export function createExchange(context: ExchangeContext): Send {
  // Called by itself: the platform's own fetch refuses to be a method of something else.
  const { timeouts, fetch } = context;
  const light = isLight(fetch);
  return async (request) => {
    const small = request.kind !== 'download' && request.kind !== 'upload';
    const watch = startWatch(request.signal, light, small ? timeouts.metadataMs : Number.POSITIVE_INFINITY);
    let handedOver = false;
    try {
      watch.arm(timeouts.headersMs, 'no answer');
      const response: PlatformResponse = await watch.until(fetch(request.url, init(request, watch)));
      if (response.type === 'opaqueredirect') return hiddenRedirect(request);
      watch.arm(timeouts.idleMs, 'no data');
      if (request.expect.includes(response.status)) checkEncoding(context, request, response);
      const stream = request.limit === undefined && request.expect.includes(response.status);
      if (stream && response.body !== null && request.method !== 'HEAD') {
        handedOver = true;
        watch.disarm();
        return answer(response, request, noBytes, watchedStream(context, request, response.body, watch));
      }
      return answer(response, request, await watch.until(readWhole(context, request, response)), undefined);
    } catch (cause) {
      throw failure(context, request, watch, cause);
    } finally {
      if (!handedOver) watch.stop();
    }
  };
}

function init(request: RegistryRequest, watch: Watch): Parameters<Fetch>[1] {
  const { method, body } = request;
  const headers: Record<string, string> = { 'accept-encoding': 'identity', ...request.headers };
  const redirect = request.follow === true ? ('follow' as const) : ('manual' as const);
  const shared = { method, headers, signal: watch.signal, redirect };
  if (body === undefined) return shared;
  if (body.size !== undefined) headers['content-length'] = String(body.size);
  const content = body.open();
  if (content instanceof Uint8Array) return { ...shared, body: content };
  return { ...shared, body: touching(content, watch), duplex: 'half' };
}

/** A redirect whose target the platform does not tell. */
function hiddenRedirect({ url }: RegistryRequest): RegistryResponse {
  return { status: 307, headers: { get: () => null }, url, bytes: noBytes, body: undefined, hidden: true };
}

/** Passes an upload on; each chunk that is taken counts as a sign of life. */
function touching(stream: ReadableStream<Bytes>, watch: Watch): ReadableStream<Bytes> {
  const reader = chunkReaderOf(stream);
  return streamFrom({
    async read(reuse) {
      const chunk = await reader.read(reuse);
      watch.touch();
      return chunk;
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function answer(
  { status, headers, url, type }: PlatformResponse,
  request: RegistryRequest,
  bytes: Bytes,
  body: ChunkReader | undefined,
): RegistryResponse {
  const plain = { status, headers, url: url || request.url, bytes, body };
  return platform.hidesHeaders && type === 'cors' ? { ...plain, filtered: true } : plain;
}

/** Digests are over the stored bytes: an encoded answer is refused, nothing is inflated (threats P14). */
function checkEncoding(context: ExchangeContext, request: RegistryRequest, response: FetchResponse): void {
  const encoding = response.headers.get('content-encoding');
  if (encoding === null || encoding === '' || encoding.toLowerCase() === 'identity') return;
  // Decoded by the browser, and held to size and digest as it is. A part of encoded bytes is a part of nothing.
  if (platform.decodes && response.status !== 206) return;
  discard(response);
  throw new RegistryError(
    'ERR_REGISTRY_PROTOCOL',
    `${context.registry} sent ${nameOf(request)} with Content-Encoding "${encoding.slice(0, 40)}" though "identity" was requested`,
    { detail: detailOf(context, request, { status: response.status, retryable: false }) },
  );
}

function discard(response: FetchResponse): void {
  void response.body?.cancel().catch(() => undefined);
}

async function readWhole(
  context: ExchangeContext,
  request: RegistryRequest,
  response: PlatformResponse,
): Promise<Bytes> {
  const wanted = request.expect.includes(response.status);
  const limit = wanted ? (request.limit ?? errorBodyLimit) : errorBodyLimit;
  try {
    if (response.readAll !== undefined) return await response.readAll(limit);
    return response.body === null ? noBytes : await readBytes(response.body, { limit });
  } catch (cause) {
    if (!(cause instanceof LimitError)) throw cause;
    // Of an error body too long to read nothing is kept; its status says enough.
    if (!wanted) return noBytes;
    throw new RegistryError(
      'ERR_REGISTRY_TOO_LARGE',
      `${context.registry} sent more than ${limit} bytes for ${nameOf(request)}`,
      { cause, detail: detailOf(context, request, { status: response.status, retryable: false }) },
    );
  }
}

function watchedStream(
  context: ExchangeContext,
  request: RegistryRequest,
  body: ReadableStream<Uint8Array>,
  watch: Watch,
): ChunkReader {
  const reader = chunkReaderOf(body);
  return {
    async read(reuse) {
      const began = watch.arm(context.timeouts.idleMs, 'no data');
      try {
        const chunk = await watch.until(reader.read(reuse));
        const late = request.pace?.took(watch.disarm() - began, chunk?.length ?? 0);
        if (chunk === undefined) watch.stop();
        else if (late !== undefined) throw tooSlow(context, request, late);
        return chunk;
      } catch (cause) {
        watch.stop();
        void reader.cancel().catch(() => undefined);
        throw failure(context, request, watch, cause);
      }
    },
    async cancel() {
      watch.stop();
      await reader.cancel().catch(() => undefined);
    },
  };
}

function tooSlow(
  context: ExchangeContext,
  request: RegistryRequest,
  { why, final }: { readonly why: string; readonly final: boolean },
): RegistryError {
  const where = `${request.method} ${nameOf(request)}`;
  return new RegistryError('ERR_REGISTRY_TIMEOUT', `${context.registry}: ${where}: ${why}`, {
    detail: detailOf(context, request, { retryable: !final }),
  });
}

function detailOf(
  context: ExchangeContext,
  request: RegistryRequest,
  more: Partial<RegistryErrorDetail>,
): RegistryErrorDetail {
  return { registry: context.registry, method: request.method, url: nameOf(request), ...more };
}

function failure(context: ExchangeContext, request: RegistryRequest, watch: Watch, cause: unknown): unknown {
  if (request.signal?.aborted) return request.signal.reason;
  const where = `${request.method} ${nameOf(request)}`;
  if (watch.expired !== undefined) {
    return new RegistryError('ERR_REGISTRY_TIMEOUT', `${context.registry}: ${where}: ${watch.expired}`, {
      detail: detailOf(context, request, { retryable: true }),
    });
  }
  // By class, not by the look of the code: Node's own errors begin with ERR_ too.
  if (isOfTransport(cause)) {
    if (cause.code === 'ERR_TRANSPORT_UNSUPPORTED') return unsupported(cause);
  } else if (cause instanceof CodedError) return cause;
  const reason = codeOf(cause);
  const broken = /^HPE_|HEADER_OVERFLOW|INVALID|UPGRADE/.test(reason);
  const permanent = broken || isRefused(cause) || /CERT|TLS|SSL|ENOTFOUND|ALTNAME|SIGNED/.test(reason);
  return new RegistryError(
    broken ? 'ERR_REGISTRY_PROTOCOL' : 'ERR_REGISTRY_UNAVAILABLE',
    `${context.registry} cannot be reached, or closed the connection early: ${where}: ${proxyOf(cause)}${reason}${withoutTls(cause, reason)}`,
    { cause, detail: detailOf(context, request, { retryable: !permanent }) },
  );
}

/** A host that the options refuse, and a proxy that wants another account: a retry would end in the same error. */
function isRefused(error: unknown): boolean {
  if (!isOfTransport(error)) return false;
  const { status } = (error.detail ?? {}) as { readonly status?: unknown };
  return error.code === 'ERR_TRANSPORT_ADDRESS' || status === 407;
}

/** The proxy that a request did not get past. */
function proxyOf(error: unknown): string {
  const { proxy } = (error instanceof Error ? error : {}) as { proxy?: unknown };
  return typeof proxy === 'string' ? `the proxy ${proxy}: ` : '';
}

/** What answers a TLS greeting with something else is mostly a registry that speaks plain http. */
function withoutTls(error: unknown, reason: string): string {
  const said = error instanceof Error ? error.message : '';
  const plain = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(reason) || /wrong version number/i.test(said);
  return plain ? '; it does not answer by TLS: a registry that speaks http is reached with "plainHttp"' : '';
}

/** A request that was not made, by our own transport or by another copy of it. */
function isOfTransport(error: unknown): error is CodedError {
  return isCodedError(error) && error.code.startsWith('ERR_TRANSPORT_');
}

/** The platform's name for a failure: fetch hides it in `cause`. */
function codeOf(error: unknown): string {
  if (isOfTransport(error)) return error.message;
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return error instanceof Error ? error.message.slice(0, 100) : 'unknown failure';
}
