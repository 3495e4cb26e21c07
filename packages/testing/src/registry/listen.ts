import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type ClosingTimes, closingServer } from '@notarykit/common/internal/node';
import { iterateBody } from './http/bodies.js';
import { type Answer, ConnectionCut, type RegistryRequest } from './http/exchange.js';

/** Where and how to listen. */
export interface ListenerOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Address to listen on. Default `127.0.0.1`: only this machine can reach the registry. */
  readonly address?: string;
  /** Name in the returned `host` and `url`. Default: the address. `localhost` and `127.0.0.1` are two hosts to a client. */
  readonly name?: string;
  /** Serves https; PEM texts. `clientAuthority` demands a client certificate of that authority. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly clientAuthority?: string };
}

/** A registry that listens. */
export interface Listener {
  /** `http://127.0.0.1:40001` */
  readonly url: string;
  /** `127.0.0.1:40001`: the registry in references. */
  readonly host: string;
  readonly port: number;
  /** Lets requests under way finish, then ends every connection, then the listener. */
  close(times?: ClosingTimes): Promise<void>;
}

/** What serves one request. */
export type Handle = (request: RegistryRequest) => Promise<Answer>;

const idleMs = 5 * 60 * 1000;
/** Within a test no request begins while the registry closes; one that a fault holds up must not hold up the end. */
const atOnce: ClosingTimes = { graceMs: 200, lingerMs: 0 };

/** Serves a handler over sockets. */
export async function listen(handle: Handle, options: ListenerOptions = {}): Promise<Listener> {
  const { port = 0, address = '127.0.0.1', tls } = options;
  const scheme = tls === undefined ? 'http' : 'https';
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
    void serveOne(handle, scheme, incoming, outgoing);
  const server: Server = tls === undefined ? createServer(onRequest) : createTlsServer(tlsOptions(tls), onRequest);
  // A large blob may take its time; a connection on which nothing moves may not.
  server.requestTimeout = 0;
  server.timeout = idleMs;
  const close = closingServer(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  const actual = (server.address() as AddressInfo).port;
  const host = `${options.name ?? (address.includes(':') ? `[${address}]` : address)}:${actual}`;
  return { url: `${scheme}://${host}`, host, port: actual, close: (times = atOnce) => close(times) };
}

function tlsOptions({ key, cert, clientAuthority }: NonNullable<ListenerOptions['tls']>) {
  const client =
    clientAuthority === undefined ? {} : { ca: clientAuthority, requestCert: true, rejectUnauthorized: true };
  return { key, cert, ...client };
}

async function serveOne(
  handle: Handle,
  scheme: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  try {
    await send(incoming.method === 'HEAD', outgoing, await handle(requestOf(scheme, incoming, gone.signal)));
    // What the answer did not wait for is read and dropped, so that the connection can be used again.
    incoming.resume();
  } catch (error) {
    hangUp(outgoing, error);
  }
}

function requestOf(scheme: string, incoming: IncomingMessage, signal: AbortSignal): RegistryRequest {
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '');
  const hasBody = headers.has('content-length') || headers.has('transfer-encoding');
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', `${scheme}://${headers.get('host') ?? 'localhost'}`),
    headers,
    body: hasBody ? incoming.iterator({ destroyOnReturn: false }) : undefined,
    signal,
  };
}

async function send(head: boolean, outgoing: ServerResponse, answer: Answer): Promise<void> {
  outgoing.writeHead(answer.status, answer.headers.flat());
  if (!head) for await (const bytes of iterateBody(answer.body)) await write(outgoing, bytes);
  await new Promise<void>((resolve) => outgoing.end(resolve));
}

/** Waits when the socket is full, so that no more than a piece or two of a blob is in memory. */
function write(outgoing: ServerResponse, bytes: Uint8Array): Promise<void> | undefined {
  if (outgoing.destroyed) throw new ConnectionCut();
  if (outgoing.write(bytes)) return undefined;
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done);
      outgoing.off('close', done);
      resolve();
    };
    outgoing.once('drain', done);
    outgoing.once('close', done);
  });
}

/** Ends the connection: what was written so far arrives, the rest does not. */
function hangUp(outgoing: ServerResponse, error: unknown): void {
  if (!(error instanceof ConnectionCut) && !outgoing.headersSent) {
    outgoing.writeHead(400);
    outgoing.end();
    return;
  }
  const socket = outgoing.socket;
  if (outgoing.headersSent) setImmediate(() => socket?.destroySoon());
  else socket?.destroy();
}
