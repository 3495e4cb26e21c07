import { once } from 'node:events';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import {
  afterArrivals,
  chunkReaderOf,
  type Fetch,
  type FetchInit,
  type FetchResponse,
  noteSecrets,
} from '@notarykit/common/internal';
import { type AddressCheck, addressCheck } from './address-check.node.js';
import { createAgents } from './agents.node.js';
import { cut } from './body.node.js';
import { LightSignal, takesLightSignals } from './light-signal.js';
import { literalCheck } from './literal.node.js';
import type { Endpoint, TransportOptions } from './options.js';
import type { TransportPlatform } from './platform.js';
import { type TunnelHandle, unreachable } from './proxy.node.js';
import { NodeResponse } from './response.node.js';
import type { Proxied } from './route.node.js';
import { secretsOfTransport } from './secrets.node.js';
import { pastParserFrom } from './sockets.node.js';

export { secretsOfTransport };

/** What this transport does; a client adapts to it. */
export const platform: TransportPlatform = { streamsUploads: true, decodes: false, hidesHeaders: false };

/**
 * A transport over `node:http` and `node:https` for everything that takes a `Fetch`: registries, key services, timestamping authorities.
 * Keep-alive, streams both ways with back-pressure, no redirects, no decoding, no cookies. For URLs that certificates name give
 * `addresses`, or use `revocationFetch` of `@notarykit/pki/node`, which does.
 *
 * Its secrets (the key of the client certificate, the account of the proxy) are in no error. A client that repeats what servers answer
 * gets them from `secretsOfFetch` of `@notarykit/common`, to take them out.
 *
 * @param endpoint is given by a client of one server
 * @throws {TransportError} at once for a client certificate without hosts; requests reject with `ERR_TRANSPORT_*` where they were
 * not made, and with the errors of Node
 *
 * @example
 * ```ts
 * const fetch = createTransport({ proxy: 'env', ca: await readFile('company.pem') });
 * const registry = createRegistry({ registry: 'registry.wabbit.internal', fetch });
 * const signer = vaultSigner({ address: 'https://vault.wabbit.internal', token, key: 'net-monitor', fetch });
 * ```
 */
export function createTransport(options: TransportOptions = {}, endpoint?: Endpoint): Fetch {
  const check = addressCheck(options);
  const ways: Ways = {
    routeOf: checkedRoute(createAgents(options, check, endpoint), check),
    pastParserFrom: pastParserFrom(options),
  };
  const checkLiteral = literalCheck(options);
  let unanswered = 0;
  const transport: Fetch = async (url, init = {}) => {
    init.signal?.throwIfAborted();
    if (checkLiteral !== undefined) await checkLiteral(url);
    unanswered++;
    try {
      if (unanswered > 1 && init.body === undefined) await afterArrivals();
      init.signal?.throwIfAborted();
      return await exchange(url, init, ways);
    } catch (error) {
      // A kept-alive socket may have been closed by the server just now. Only what changes nothing is sent again (RFC 9110, 9.2.2).
      const safe = init.method === undefined || init.method === 'GET' || init.method === 'HEAD';
      if ((error as { stale?: boolean }).stale !== true || !safe || init.signal?.aborted) throw error;
      return await exchange(url, init, ways);
    } finally {
      unanswered--;
    }
  };
  return noteSecrets(takesLightSignals(transport), () => secretsOfTransport(options));
}

type Router = ReturnType<typeof createAgents>;

/** How requests are made. */
interface Ways {
  readonly routeOf: Router;
  readonly pastParserFrom: number;
}

/** Every request passes the check of addresses. */
function checkedRoute(routeOf: Router, check: AddressCheck): Router {
  return (url) => {
    const route = routeOf(url);
    check.url(url, route.throughProxy);
    return route;
  };
}

async function exchange(url: string, init: FetchInit, { routeOf, pastParserFrom: from }: Ways): Promise<FetchResponse> {
  const target = new URL(url);
  const { agent, proxied } = routeOf(target);
  const { method = 'GET', headers = {}, body, signal } = init;
  const { request: open } = target.protocol === 'https:' ? https : http;
  return await new Promise((resolve, reject) => {
    const route = proxied?.(target);
    const tunnel: TunnelHandle = {};
    const request = open(
      route === undefined
        ? directly(target, { method, agent, headers }, tunnel)
        : { ...route, method, agent, headers: { ...route.headers, ...headers, host: target.host } },
    );
    // It is rejected here and not by the events of the request alone: one that waits for a socket has none, and other runtimes give fewer.
    const fail = (error: Error): void => {
      forget?.();
      reject(error);
      tunnel.close?.(error);
      request.destroy(error);
    };
    let answer: IncomingMessage | undefined;
    const forget = onAbort(signal, () => {
      const reason = reasonOf(signal);
      // Node itself would tell its reader that the server broke off.
      answer?.destroy(reason);
      fail(reason);
    });
    request.on('error', (error) => {
      if (request.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET')
        Object.assign(error, { stale: true });
      fail(signal?.aborted ? reasonOf(signal) : blamed(error, route));
    });
    request.on('response', (response) => {
      answer = response;
      if (forget !== undefined) response.once('close', forget);
      resolve(new NodeResponse(url, request, response, from));
    });
    const switched = (_: unknown, socket: Duplex): void => refuseUpgrade(socket, fail);
    request.on('upgrade', switched);
    request.on('connect', switched);
    request.on('close', () => {
      if (answer === undefined) fail(cut());
    });
    if (body instanceof ReadableStream) void sendStream(request, body, fail);
    else request.end(body);
  });
}

/** A server may speak another protocol only where it was asked to. Without this answer Node lets go of the socket and says nothing. */
function refuseUpgrade(socket: Duplex, fail: (error: Error) => void): void {
  socket.destroy();
  const message = 'the server switched to another protocol without being asked to';
  fail(Object.assign(new Error(message), { code: 'ERR_UNASKED_UPGRADE' }));
}

/** Where a plain request goes to a proxy, what was not connected to is the proxy. */
function blamed(error: Error, route: ReturnType<Proxied> | undefined): Error {
  if (route === undefined) return error;
  const proxy = `${route.hostname}:${route.port}`;
  const isConnecting = (error as NodeJS.ErrnoException).syscall === 'connect' || 'hostname' in error;
  return isConnecting ? unreachable(proxy, error) : Object.assign(error, { proxy });
}

/** The options of a request to the server that its URL names. */
function directly(
  { protocol, hostname: host, port, pathname, search }: URL,
  { method, agent, headers }: Required<Pick<http.RequestOptions, 'method' | 'agent' | 'headers'>>,
  tunnel: TunnelHandle,
): http.RequestOptions {
  const hostname = host.startsWith('[') ? host.slice(1, -1) : host;
  const path = search === '' ? pathname : `${pathname}${search}`;
  // The agent of a tunnel is given all options of a request.
  const options: http.RequestOptions & { readonly tunnel: TunnelHandle } = {
    protocol,
    hostname,
    port,
    path,
    method,
    agent,
    headers,
    tunnel,
  };
  return options;
}

/** Calls back on an abort; what comes back ends that, where it must be ended. */
function onAbort(signal: AbortSignal | undefined, abort: () => void): (() => void) | undefined {
  if (signal === undefined) return undefined;
  if (signal instanceof LightSignal) {
    signal.listener = abort;
    return undefined;
  }
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}

/** Writes a stream with back-pressure; a failure of the source destroys the request, an early answer ends the sending. */
async function sendStream(
  request: ClientRequest,
  body: ReadableStream<Uint8Array>,
  fail: (error: Error) => void,
): Promise<void> {
  const reader = chunkReaderOf(body);
  let answered = false;
  const closed = once(request, 'close').catch(() => undefined);
  request.once('response', (response: IncomingMessage) => {
    answered = true;
    // The rest of the body is not wanted: the socket cannot be used again once the answer has been read.
    response.once('end', () => {
      if (!request.writableFinished) request.destroy();
    });
  });
  const over = (): boolean => answered || request.destroyed;
  try {
    for (;;) {
      const chunk = await reader.read(true);
      if (chunk === undefined) return void request.end();
      // The next read overwrites this chunk, so it must have been sent before.
      if (!over()) await Promise.race([new Promise((resolve) => request.write(chunk, resolve)), closed]);
      if (over()) return await reader.cancel().catch(() => undefined);
    }
  } catch (error) {
    fail(error instanceof Error ? error : new Error('the content to send broke off', { cause: error }));
  }
}
