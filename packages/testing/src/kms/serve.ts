import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
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
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

/** An answer in JSON. */
export interface KmsAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves a handler until it is closed. */
export async function serve(
  answer: (request: KmsRequest) => KmsAnswer,
  faults: KmsFaults,
  tls?: { readonly key: string; readonly cert: string },
): Promise<KmsDouble> {
  const requests: string[] = [];
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await read(incoming);
    requests.push(`${request.method} ${(request.headers['x-amz-target'] as string | undefined) ?? request.path}`);
    if (faults.delayMs > 0) await sleep(faults.delayMs);
    const { status, body, headers } = answer(request);
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
    outgoing.end(JSON.stringify(body));
  };
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => void respond(incoming, outgoing);
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, port, faults, requests, close };
}

async function read(incoming: IncomingMessage): Promise<KmsRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
  const text = Buffer.concat(parts).toString();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(pathname),
    query: searchParams,
    headers: incoming.headers,
    body,
  };
}
