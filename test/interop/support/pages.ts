import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { EmbeddedRegistry } from '@notarykit/testing';
import { peer } from '../../../scripts/peers.mjs';

/** The part of playwright-core that is used here. */
export interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<T, A>(work: (argument: A) => Promise<T> | T, argument: A): Promise<T>;
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>;
  screenshot(options: { readonly fullPage: boolean }): Promise<Buffer>;
}

export interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

/** Chromium without a window; `intranet.test` is this machine, and no secure context. */
export async function startChromium(): Promise<Browser> {
  const program = await peer('playwright-core');
  const { chromium } = createRequire(program)(program) as {
    chromium: { launch(options: object): Promise<Browser> };
  };
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  const names = '--host-resolver-rules=MAP intranet.test 127.0.0.1';
  const args = ['--headless', '--no-sandbox', '--disable-dev-shm-usage', ...quiet, '--disable-sync', names];
  return await chromium.launch({ executablePath: await peer('chromium'), headless: true, args });
}

/** A server of this machine. */
export interface Front {
  readonly host: string;
  /** What was asked for, with its headers. */
  readonly requests: { readonly method: string; readonly url: string; readonly headers: http.IncomingHttpHeaders }[];
  close(): void;
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<Front> {
  const requests: Front['requests'][number][] = [];
  const server = http.createServer((request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    void handle(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}

/** An empty page with a script. */
export const servePage = (script: string): Promise<Front> =>
  listen(({ url }, response) => {
    const [type, text] = url === '/script.js' ? ['text/javascript', script] : ['text/html', page];
    response.writeHead(200, { 'content-type': type }).end(text);
  });
const page = '<!doctype html><script src="/script.js"></script>';

/** How a front changes what passes. */
export interface FrontOptions {
  /** Blobs are redirected to this host. */
  readonly blobsAt?: string;
  /** Answers are compressed, as many fronts do. */
  readonly gzip?: boolean;
  /** The headers that pages may read. Default: those that the client needs. */
  readonly exposed?: string;
}

const corsOf = (exposed: string) => ({
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': 'authorization, x-custom-secret, *',
  'access-control-expose-headers': exposed,
});
const needed = 'Docker-Content-Digest, Link, Location, WWW-Authenticate, Range, Content-Range, ETag';

/** A registry behind a front that lets pages of other origins in. */
export const serveToPages = (
  registry: EmbeddedRegistry,
  { blobsAt, gzip = false, exposed = needed }: FrontOptions = {},
): Promise<Front> => {
  const cors = corsOf(exposed);
  return listen(async (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (method === 'OPTIONS') return void response.writeHead(204, cors).end();
    if (blobsAt !== undefined && method === 'GET' && url.includes('/blobs/sha256:')) {
      return void response.writeHead(307, { ...cors, location: `http://${blobsAt}${url}` }).end();
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => name !== 'connection' && name !== 'accept-encoding'),
    ) as Record<string, string>;
    const body = new Uint8Array(Buffer.concat(chunks));
    const answer = await registry.fetch(`http://${request.headers.host}${url}`, {
      method,
      headers,
      ...(method === 'GET' || method === 'HEAD' || method === 'DELETE' ? {} : { body }),
    });
    const bytes = new Uint8Array(
      await new Response(answer.body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
    );
    const packed = gzip && method === 'GET' && bytes.length > 0;
    const sent = packed ? gzipSync(bytes) : bytes;
    const own = Object.fromEntries(
      ['content-type', 'docker-content-digest', 'location', 'www-authenticate', 'range', 'content-range', 'link']
        .map((name) => [name, answer.headers.get(name)] as const)
        .filter(([, value]) => value !== null),
    ) as Record<string, string>;
    const length = {
      'content-length': String(method === 'HEAD' ? (answer.headers.get('content-length') ?? 0) : sent.length),
    };
    response.writeHead(answer.status, {
      ...own,
      ...length,
      ...cors,
      ...(packed ? { 'content-encoding': 'gzip' } : {}),
    });
    response.end(method === 'HEAD' ? undefined : sent);
  });
};
