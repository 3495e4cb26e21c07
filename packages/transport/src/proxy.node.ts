import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type ConnectionOptions as TlsOptions } from 'node:tls';
import { defined } from '@notarykit/common/internal';
import { TransportError } from './errors.js';
import { withPort } from './fixed-lookup.node.js';
import type { TransportOptions } from './options.js';
import { authorizationOf, chooseProxy } from './proxy-choice.node.js';
import type { Proxied, Route } from './route.node.js';
import { agentsOf } from './sockets.node.js';

/** The route through an HTTP proxy: whole URLs for http, a CONNECT tunnel for https. `undefined` without a proxy. */
export function createProxy(
  options: TransportOptions,
  lookup: LookupFunction,
  secureFor: (url: URL) => readonly [kind: string, secure: TlsOptions],
): ((url: URL) => Route | undefined) | undefined {
  if (options.proxy === undefined) return undefined;
  const plain = agentsOf(options).plainAgent({ keepAlive: true, lookup });
  const tunnels = new Map<string, https.Agent>();
  return (url) => {
    const proxy = chooseProxy(url, options);
    if (proxy === undefined) return undefined;
    if (url.protocol === 'http:')
      return { agent: plain, throughProxy: true, proxied: (target) => absolute(proxy, target) };
    const [kind, secure] = secureFor(url);
    const key = `${kind} ${proxy.href}`;
    const agent = tunnels.get(key) ?? tunnel(proxy, { secure, lookup }, options);
    tunnels.set(key, agent);
    return { agent, throughProxy: true };
  };
}

function absolute(proxy: URL, target: URL): ReturnType<Proxied> {
  return {
    hostname: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || 80,
    path: target.href,
    headers: authorizationOf(proxy),
  };
}

/** How long a tunnel may take until it is secured, in milliseconds. */
const tunnelMs = 30_000;

/** How the connection inside a tunnel is secured, and how the proxy's name is resolved. */
interface Ways {
  readonly secure: TlsOptions;
  readonly lookup: LookupFunction;
}

function tunnel(proxy: URL, ways: Ways, { maxSockets = 64 }: TransportOptions): https.Agent {
  const agent = new https.Agent({ keepAlive: true, maxSockets });
  const createConnection = (target: TunnelTarget, done: Connected): void => openTunnel(proxy, ways, target, done);
  return Object.assign(agent, { createConnection });
}

/** Lets a request close the tunnel that is being made for it: an agent has no method for this. */
export interface TunnelHandle {
  close?: (error: Error) => void;
}

type TunnelTarget = TlsOptions & { readonly tunnel?: TunnelHandle };
type Connected = (error: Error | null, socket?: tls.TLSSocket) => void;

/** Asks the proxy for a connection and secures it. Calls back once, whatever the proxy answers, within {@link tunnelMs}. */
function openTunnel(proxy: URL, { secure, lookup }: Ways, target: TunnelTarget, done: Connected): void {
  const { host = '', port = 443, tunnel = {} } = target;
  const name = host.includes(':') ? `[${host}]` : host;
  const request = http.request(
    withPort({
      hostname: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || 80,
      method: 'CONNECT',
      path: `${name}:${port}`,
      headers: { host: `${name}:${port}`, ...authorizationOf(proxy) },
      agent: false,
      lookup,
    }),
  );
  let settled = false;
  let carrier: Duplex | undefined;
  const settle: Connected = (error, socket) => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    delete tunnel.close;
    if (error !== null) {
      request.destroy();
      carrier?.destroy();
    }
    done(error, socket);
  };
  tunnel.close = settle;
  const timer = setTimeout(() => settle(tunnelError(proxy, `opened no tunnel within ${tunnelMs} ms`)), tunnelMs);
  const refused = ({ statusCode }: http.IncomingMessage): void =>
    settle(tunnelError(proxy, `answered CONNECT with ${statusCode}${remedyFor(statusCode)}`, statusCode));
  request.on('error', (error) => settle(unreachable(proxy.host, error)));
  const closed = (): void => settle(tunnelError(proxy, 'closed the connection'));
  request.once('close', closed);
  request.once('response', refused);
  request.once('upgrade', refused);
  request.once('connect', (response, socket, head) => {
    request.off('close', closed);
    carrier = socket;
    if (response.statusCode !== 200) refused(response);
    // The server behind the tunnel speaks when it is spoken to.
    else if (head.length > 0) settle(tunnelError(proxy, 'sent more than its answer to CONNECT'));
    else secureTunnel(socket, secure, host, settle);
    if (settled) socket.destroy();
  });
  request.end();
}

function secureTunnel(socket: Duplex, secure: TlsOptions, host: string, settle: Connected): void {
  const servername = secure.servername ?? (isIP(host) === 0 ? host : '');
  const secured = tls.connect({ ...secure, socket, servername, ...(servername === '' ? { host } : {}) });
  const fail = (error: Error): void => {
    settle(error);
    secured.destroy();
  };
  secured.once('secureConnect', () => settle(null, secured));
  secured.once('error', fail);
}

const remedyFor = (status: number | undefined): string =>
  status === 407 ? ': it asks for an account, "http://user:password@host:port", or does not know this one' : '';

/** A failure on the way to a proxy: it says nothing of the server that was asked for. */
export function unreachable(proxy: string, cause: Error): TransportError {
  const { code = cause.message } = cause as NodeJS.ErrnoException;
  return new TransportError('ERR_TRANSPORT_PROXY', `the proxy ${proxy} cannot be reached: ${code}`, {
    cause,
    detail: { proxy },
  });
}

function tunnelError({ host }: URL, what: string, status?: number): TransportError {
  return new TransportError('ERR_TRANSPORT_PROXY', `the proxy ${host} ${what}`, {
    detail: { proxy: host, ...defined({ status }) },
  });
}
