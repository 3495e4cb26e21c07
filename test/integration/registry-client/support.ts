import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { readBytes, utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeContent, mediaTypes, type Repository } from '@notarykit/oci';
import { createRegistry, type RegistryEndpoint, type RegistryOptions } from '@notarykit/registry-client';
import {
  createAuthority,
  createEmbeddedRegistry,
  type EmbeddedRegistry,
  type EmbeddedRegistryOptions,
  extendedKeyUsage,
  keyUsage,
  type ListenerOptions,
  purposes,
  type RecordedRequest,
} from '@notarykit/testing';
import { afterEach, expect } from 'vitest';

/** A registry under test, and its clients. */
export interface Served {
  readonly registry: EmbeddedRegistry;
  readonly host: string;
  readonly url: string;
  client(options?: Partial<RegistryOptions>): RegistryEndpoint;
}

const open: EmbeddedRegistry[] = [];
afterEach(async () => {
  for (const registry of open.splice(0)) await registry.close();
});

/** Pauses of a test are short, never none: the order of events stays real. No time-out strikes by itself, however slow the machine. */
export const quick = {
  retry: { baseMs: 1, maxMs: 4 },
  timeouts: { headersMs: 30_000, idleMs: 30_000, metadataMs: 60_000 },
};

/** For servers that fall silent: what is expected is silence, so that a slow machine changes how often it is waited, not the end. */
export const impatient = { timeouts: { headersMs: 500, idleMs: 500, metadataMs: 5000 } };

/** An embedded registry on a socket, closed after the test. */
export async function serve(options: EmbeddedRegistryOptions = {}, listen: ListenerOptions = {}): Promise<Served> {
  const registry = createEmbeddedRegistry(options);
  open.push(registry);
  const { host, url } = await registry.listen(listen);
  return { registry, host, url, client: (more = {}) => createRegistry({ registry: host, ...quick, ...more }) };
}

export const account = { username: 'wabbit', password: 'carrot-secret' };
export const tokenAuth: NonNullable<EmbeddedRegistryOptions['auth']> = {
  scheme: 'token',
  accounts: [{ ...account, identityToken: 'identity-secret' }],
};
export const basicAuth: NonNullable<EmbeddedRegistryOptions['auth']> = { scheme: 'basic', accounts: [account] };

/** Pseudo-random bytes, the same each time. */
export function bytesOf(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export const blobOf = (bytes: Uint8Array): Descriptor => describeContent(mediaTypes.octetStream, bytes);

/** A blob and a tagged manifest in repository `net-monitor`. */
export async function seed({ registry }: Served, size = 100_000) {
  const bytes = bytesOf(size);
  const blob = blobOf(bytes);
  const config = describeContent(mediaTypes.empty, utf8('{}'));
  const document = {
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    artifactType: 'application/vnd.test',
    config,
    layers: [blob],
  };
  const manifestBytes = utf8(JSON.stringify(document));
  const manifest = describeContent(mediaTypes.imageManifest, manifestBytes);
  await registry.seed('net-monitor', {
    blobs: [bytes, utf8('{}')],
    manifests: [{ bytes: manifestBytes, mediaType: mediaTypes.imageManifest, tags: ['v1'] }],
  });
  return { bytes, blob, manifest, manifestBytes, document };
}

/** Reads content to its end. */
export async function readAll(repository: Repository, descriptor: Descriptor): Promise<Uint8Array> {
  return await readBytes(await repository.fetch(descriptor), { limit: descriptor.size + 1024 });
}

/** Everything of an iterable. */
export async function listAll<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of list) all.push(item);
  return all;
}

/** Asserts from a server's records that it never saw a credential. */
export function expectNoCredentials(requests: readonly RecordedRequest[]): void {
  for (const { headers, method, path } of requests) {
    for (const name of ['authorization', 'cookie', 'proxy-authorization', 'x-custom-secret']) {
      expect(headers[name], `${name} of ${method} ${path}`).toBeUndefined();
    }
  }
}

/** A subject alternative name: `localhost` and 127.0.0.1. */
const localNames = {
  oid: '2.5.29.17',
  critical: false,
  value: Uint8Array.from([0x30, 17, 0x82, 9, ...Buffer.from('localhost'), 0x87, 4, 127, 0, 0, 1]),
};

/** Certificates for servers on this machine, and for a client. */
export async function tlsSetup() {
  const authority = await createAuthority({ intermediates: 0 });
  const pem = (der: Uint8Array): string =>
    `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;
  const leaf = (purpose: string) =>
    authority.issueLeaf({
      extensions: () => [keyUsage(['digitalSignature']), extendedKeyUsage([purpose]), localNames],
    });
  const [server, client] = [await leaf(purposes.serverAuth), await leaf(purposes.clientAuth)];
  return { ca: pem(authority.root.certificate), server, client };
}

/** An HTTP proxy of a test. */
export interface Proxy {
  readonly url: string;
  readonly seen: string[];
  close(): Promise<void>;
}

/** An HTTP proxy that wants credentials. */
export async function startProxy(): Promise<Proxy> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const allowed = `Basic ${Buffer.from('proxy:pass').toString('base64')}`;
  const server: Server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    if (incoming.headers['proxy-authorization'] !== allowed) return void outgoing.writeHead(407).end();
    const { 'proxy-authorization': _secret, ...headers } = incoming.headers;
    const onward = httpRequest(incoming.url ?? '', { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket, head) => {
    seen.push(`CONNECT ${incoming.url}`);
    if (incoming.headers['proxy-authorization'] !== allowed) return void socket.end('HTTP/1.1 407 No\r\n\r\n');
    const [host = '', port = ''] = (incoming.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward);
    for (const one of [onward, socket]) one.on('error', () => one.destroy());
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://proxy:pass@127.0.0.1:${port}`,
    seen,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
