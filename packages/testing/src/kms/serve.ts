import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KmsAnswer } from './answer.js';
import type { KmsFaults } from './key.js';

/** A key service that listens on loopback. */
export interface KmsDouble {
  readonly url: string;
  readonly port: number;
  readonly faults: KmsFaults;
  /** Method and path, or operation, of every request so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A request, read. */
export interface KmsRequest {
  /** `request-<number>`. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

/** How a service listens. */
export interface ServeOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The header in which the service numbers its requests. */
  readonly requestIdHeader?: string;
}

/** Serves a handler until it is closed. */
export async function serve(
  answer: (request: KmsRequest) => KmsAnswer | Promise<KmsAnswer>,
  faults: KmsFaults,
  { tls, requestIdHeader }: ServeOptions = {},
): Promise<KmsDouble> {
  const requests: string[] = [];
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await read(incoming, `request-${requests.length + 1}`);
    if (request === undefined) return void outgoing.writeHead(400).end('{}');
    requests.push(`${request.method} ${(request.headers['x-amz-target'] as string | undefined) ?? request.path}`);
    if (faults.delayMs > 0) await sleep(faults.delayMs);
    if (faults.cut > 0) {
      faults.cut--;
      incoming.socket.destroy();
      return;
    }
    const { status, body, headers } = faults.answer ?? (await answer(request));
    outgoing.writeHead(status, {
      'content-type': 'application/json',
      date: new Date(Date.now() + faults.clockSkewMs).toUTCString(),
      ...(requestIdHeader === undefined ? {} : { [requestIdHeader]: request.id }),
      ...headers,
    });
    outgoing.end(JSON.stringify(body));
  };
  /** Whatever a request makes of the handler ends that request, and not the process that the test runs in. */
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    respond(incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent || incoming.destroyed) return void incoming.socket.destroy();
      outgoing.writeHead(500).end(JSON.stringify({ message: String(error) }));
    });
  };
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  // A certificate names hosts, not addresses.
  const url = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  return { url, port, faults, requests, close };
}

const mostBytes = 1024 * 1024;

/** Undefined for what is not a request: no URL, no JSON object, or too long. */
async function read(incoming: IncomingMessage, id: string): Promise<KmsRequest | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= mostBytes) parts.push(part);
  }
  try {
    if (length > mostBytes) return undefined;
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
    const text = Buffer.concat(parts).toString();
    const body: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
    const { method = 'GET', headers } = incoming;
    return {
      id,
      method,
      path: decodeURIComponent(pathname),
      query: searchParams,
      headers,
      body: body as KmsRequest['body'],
    };
  } catch {
    return undefined;
  }
}
