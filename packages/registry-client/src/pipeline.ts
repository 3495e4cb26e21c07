import { createLimiter, type Fetch, type Logger } from '@notarykit/common/internal';
import { type Authorizer, createAuthorizer, isRefusal } from './auth/authorizer.js';
import type { CredentialProvider } from './credential.js';
import { createExchange } from './http/exchange.js';
import type { RegistryRequest, RegistryResponse, Send } from './http/message.js';
import { withRedirects } from './http/redirect.js';
import { type RetryEvent, type RetryOptions, retryDefaults, withRetry } from './http/retry.js';
import { type StatusContext, statusError } from './http/status-error.js';
import type { Timeouts } from './http/timeouts.js';
import { nameOf } from './http/url.js';
import { parseWarnings } from './http/warning.js';
import type { KnownSecrets } from './secrets/known.js';

/** How many requests of an endpoint are under way at a time. */
export interface Concurrency {
  /** Small requests. Default 16. */
  readonly requests?: number;
  /** Blob uploads. Downloads are bounded by their readers. Default 5. */
  readonly uploads?: number;
}

/** What the pipeline of one endpoint is made of. */
export interface PipelineOptions {
  readonly registry: string;
  readonly origin: string;
  readonly fetch: Fetch;
  readonly credentials: CredentialProvider;
  readonly secrets: KnownSecrets;
  readonly realmHosts: readonly string[] | undefined;
  readonly foreignScopes: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeouts: Required<Timeouts>;
  readonly retry: RetryOptions | undefined;
  readonly concurrency: Concurrency;
  readonly logger: Logger | undefined;
  readonly onRetry: (event: RetryEvent) => void;
  readonly onWarning: (text: string) => void;
}

/** The pipeline of one endpoint. */
export interface Pipeline {
  readonly send: Send;
  readonly authorizer: Authorizer;
}

/** Limiter → retry → authorization → redirects → exchange. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { registry, origin, logger } = options;
  const exchange = withLog(createExchange(options), logger);
  const retry = retryDefaults(options.retry);
  const onRetry = (event: RetryEvent): void => {
    logger?.warn?.('request failed, trying again', {
      method: event.request.method,
      url: nameOf(event.request),
      code: event.error.code,
      waitMs: Math.round(event.waitMs),
    });
    options.onRetry(event);
  };
  const authorizer = createAuthorizer({
    registry,
    origin,
    credentials: options.credentials,
    secrets: options.secrets,
    realmHosts: options.realmHosts,
    foreignScopes: options.foreignScopes,
    send: withRetry(
      withStatus(exchange, options, () => ({ account: undefined, own: true })),
      retry,
      onRetry,
    ),
  });
  const warned = withWarnings(
    withRedirects(withHeaders(exchange, origin, options.headers), registry),
    options.onWarning,
  );
  // A host to which a redirect or an upload led was never sent the account.
  const contextOf = (url: string): Omit<StatusContext, 'redactor'> => {
    const own = isOf(url, origin);
    return { own, account: own ? authorizer.account() : undefined };
  };
  const authorized = withStatus(withAuthorization(warned, authorizer, origin), options, contextOf);
  return { authorizer, send: withLimits(withRetry(authorized, retry, onRetry), options.concurrency) };
}

function withLimits(send: Send, { requests = 16, uploads = 5 }: Concurrency): Send {
  const small = createLimiter(requests);
  const large = createLimiter(uploads);
  return (request) => {
    // A download holds no place: its body is read while an upload to the same endpoint may wait for one.
    if (request.kind === 'download') return send(request);
    return (request.kind === 'upload' ? large : small)(() => send(request));
  };
}

/** Headers of the endpoint go only to its own origin. */
function withHeaders(send: Send, origin: string, headers: Readonly<Record<string, string>>): Send {
  if (Object.keys(headers).length === 0) return send;
  return (request) => {
    // A redirect that the platform follows would take them along.
    const own = request.follow !== true && request.scopes !== undefined && isOf(request.url, origin);
    return send(own ? { ...request, headers: { ...headers, ...request.headers } } : request);
  };
}

function withAuthorization(send: Send, authorizer: Authorizer, origin: string): Send {
  return async (request) => {
    // Credentials are bound to one origin (threats H1, H2): elsewhere the request goes without.
    if (request.scopes === undefined || !isOf(request.url, origin)) {
      const { scopes: _none, ...plain } = request;
      return await send(plain);
    }
    let sent = await authorizer.authorize(request);
    for (let attempt = 0; ; attempt++) {
      const response = await send(authorized(request, sent));
      if (!isRefusal(response.status) || !isOf(response.url, origin)) return response;
      const next = await authorizer.answer(request, response, { sent, attempt });
      if (next === undefined) return response;
      await response.body?.cancel();
      sent = next;
    }
  };
}

/** Whether a URL is of an origin; the usual case without parsing it. */
function isOf(url: string, origin: string): boolean {
  return url.startsWith(`${origin}/`) || new URL(url).origin === origin;
}

function authorized(request: RegistryRequest, authorization: string | undefined): RegistryRequest {
  return authorization === undefined ? request : { ...request, headers: { ...request.headers, authorization } };
}

/** Turns an unexpected status into a coded error. */
function withStatus(
  send: Send,
  { registry, secrets }: Pick<PipelineOptions, 'registry' | 'secrets'>,
  context: (url: string) => Omit<StatusContext, 'redactor'>,
): Send {
  return async (request) => {
    const response = await send(request);
    if (request.expect.includes(response.status)) return response;
    await response.body?.cancel();
    throw statusError(request, response, registry, { ...context(response.url), redactor: secrets.redactor() });
  };
}

function withWarnings(send: Send, onWarning: (text: string) => void): Send {
  return async (request) => {
    const response = await send(request);
    for (const text of parseWarnings(response.headers.get('warning'))) onWarning(text);
    return response;
  };
}

function withLog(send: Send, logger: Logger | undefined): Send {
  if (logger?.debug === undefined) return send;
  return async (request) => {
    const began = performance.now();
    const fields = { method: request.method, url: nameOf(request) };
    try {
      const response: RegistryResponse = await send(request);
      logger.debug?.('request', { ...fields, status: response.status, ms: Math.round(performance.now() - began) });
      return response;
    } catch (error) {
      logger.debug?.('request failed', {
        ...fields,
        error: (error as Error).message,
        ms: Math.round(performance.now() - began),
      });
      throw error;
    }
  };
}
