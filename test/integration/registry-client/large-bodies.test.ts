import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { concatBytes } from '@notarykit/common';
import { equalBytes } from '@notarykit/common/internal';
import { createRegistry, type RegistryEndpoint } from '@notarykit/registry-client';
import { type Action, faults } from '@notarykit/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { blobOf, bytesOf, quick, readAll, type Served, serve, tlsSetup } from './support.js';

const mebibyte = 1024 * 1024;
const bytes = bytesOf(11 * mebibyte + 4321, 11);
const blob = blobOf(bytes);
const patient = { timeouts: { headersMs: 30_000, idleMs: 30_000, metadataMs: 30_000 } };

let setup: Awaited<ReturnType<typeof tlsSetup>>;
beforeAll(async () => {
  setup = await tlsSetup();
});

/** A registry that has the blob, over http or https, and clients that reach it. */
async function serveLarge(scheme: string): Promise<{ served: Served; client: () => RegistryEndpoint }> {
  const { ca, server } = setup;
  const secure = scheme === 'https';
  const tls = { tls: { key: server.privateKeyPem, cert: server.pem }, name: 'localhost' };
  const served = await serve({}, secure ? tls : {});
  await served.registry.seed('large', { blobs: [bytes] });
  const client = (): RegistryEndpoint =>
    served.client({ ...patient, ...(secure ? { plainHttp: false, connection: { ca } } : {}) });
  return { served, client };
}

describe.each(['http', 'https'])('large bodies over %s', (scheme) => {
  it('arrive whole, several at a time, and other requests go on', { timeout: 60_000 }, async () => {
    const { client } = await serveLarge(scheme);
    const repository = client().repository('large');
    const pulls = [1, 2, 3].map(() => readAll(repository, blob));
    expect(await repository.exists(blob)).toBe(true);
    for (const pulled of await Promise.all(pulls)) expect(equalBytes(pulled, bytes)).toBe(true);
    expect(await repository.exists(blob)).toBe(true);
  });

  it('chunks that are kept stay as they were', { timeout: 60_000 }, async () => {
    const { client } = await serveLarge(scheme);
    const chunks: Uint8Array[] = [];
    const reader = (await client().repository('large').fetch(blob)).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
    expect(equalBytes(concatBytes(chunks), bytes)).toBe(true);
  });

  it('pass on to another repository', { timeout: 60_000 }, async () => {
    const { client } = await serveLarge(scheme);
    const { client: other } = await serveLarge('http');
    const source = client().repository('large');
    const target = other().repository('copies');
    let stream = await source.fetch(blob);
    await target.push(blob, () => stream);
    expect(equalBytes(await readAll(target, blob), bytes)).toBe(true);
    stream = await source.fetch(blob);
    await target.push({ ...blob }, () => stream, { chunked: true, absent: true });
    expect(equalBytes(await readAll(target, blob), bytes)).toBe(true);
  });
});

describe('H8 large bodies', () => {
  it.each<[string, Action, string | undefined]>([
    ['cut short past the middle: resumed', faults.inTurn(faults.cutBodyAfter(9 * mebibyte), undefined), undefined],
    ['cut short early: resumed', faults.inTurn(faults.cutBodyAfter(70_000), undefined), undefined],
    ['cut short again and again', faults.cutBodyAfter(10), 'ERR_REGISTRY_UNAVAILABLE'],
    ['with a wrong bit near the end', faults.flipBit(11 * mebibyte), 'ERR_OCI_DIGEST_MISMATCH'],
    ['longer than its descriptor', faults.extraBytes(5), 'ERR_OCI_SIZE_MISMATCH'],
    ['endless', faults.endlessBody(), 'ERR_OCI_SIZE_MISMATCH'],
  ])('H8 %s', { timeout: 60_000 }, async (_, action, code) => {
    const { served } = await serveLarge('http');
    served.registry.rule({ method: 'GET', route: 'blob', action });
    const repository = served.client({ ...patient, retry: quick.retry }).repository('large');
    const pulled = readAll(repository, blob);
    if (code === undefined) expect(equalBytes(await pulled, bytes)).toBe(true);
    else await expect(pulled).rejects.toMatchObject({ code });
  });

  it('H8 wrong content never arrives whole at another repository', { timeout: 60_000 }, async () => {
    const { served, client } = await serveLarge('http');
    const target = await serve();
    served.registry.rule({ method: 'GET', route: 'blob', action: faults.flipBit(11 * mebibyte) });
    const stream = await client().repository('large').fetch(blob);
    const push = target
      .client(patient)
      .repository('copies')
      .push(blob, () => stream);
    await expect(push).rejects.toMatchObject({ code: 'ERR_OCI_DIGEST_MISMATCH' });
    expect(target.registry.requests.filter(({ method, status }) => method === 'PUT' && status === 201)).toEqual([]);
  });

  it('H9 one that stalls is given up after the time-out and resumed', { timeout: 60_000 }, async () => {
    const { served } = await serveLarge('http');
    const stall = faults.inTurn(faults.stallBodyAfter(9 * mebibyte), undefined);
    served.registry.rule({ method: 'GET', route: 'blob', action: stall });
    const timeouts = { ...patient.timeouts, idleMs: 1000 };
    const repository = served.client({ timeouts, retry: quick.retry }).repository('large');
    expect(equalBytes(await readAll(repository, blob), bytes)).toBe(true);
    const pulls = served.registry.requests.filter(({ method }) => method === 'GET');
    expect(pulls.map(({ headers }) => headers['range'] !== undefined)).toContain(true);
  });
});

const closing: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of closing.splice(0)) server.close();
});

async function listening(server: Server | ReturnType<typeof createServer>): Promise<string> {
  closing.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('connections', () => {
  it('a reader that stops stops the sender, and a cancelled one closes the connection', async () => {
    const total = 256 * mebibyte;
    const ended: Promise<number>[] = [];
    const server = createHttpServer(({ method }, response) => {
      response.writeHead(200, { 'content-length': total });
      if (method === 'HEAD') return void response.end();
      let sent = 0;
      const send = (): void => {
        while (sent < total) {
          sent += mebibyte;
          if (!response.write(Buffer.alloc(mebibyte))) break;
        }
      };
      response.on('drain', send);
      send();
      ended.push(once(response, 'close').then(() => sent));
    });
    const repository = createRegistry({ registry: await listening(server), ...patient }).repository('large');
    const zeros = { ...blob, size: total };
    const reader = (await repository.fetch(zeros)).getReader();
    expect((await reader.read()).value?.length).toBeGreaterThan(0);
    // Each answer takes a turn through both ends, in which a sender without a limit would go on.
    for (let i = 0; i < 50; i++) expect(await repository.exists(zeros).catch(() => false)).toBe(true);
    await reader.cancel();
    expect(await ended[0]).toBeLessThan(64 * mebibyte);
  });

  it('a reader that gives up while it waits asks for nothing more', async () => {
    let requests = 0;
    let closed: Promise<unknown> = Promise.resolve();
    const server = createHttpServer((_request, response) => {
      requests++;
      closed = once(response, 'close');
      response.writeHead(200, { 'content-length': bytes.length }).flushHeaders();
    });
    let pauses = 0;
    const sleep = async (): Promise<void> => void pauses++;
    const registry = createRegistry({ registry: await listening(server), ...patient, retry: { sleep } });
    const reader = (await registry.repository('large').fetch(blob)).getReader();
    const waiting = reader.read();
    await reader.cancel();
    await closed;
    expect((await waiting).done).toBe(true);
    expect([requests, pauses]).toEqual([1, 0]);
  });

  it('unexpected data on an idle connection closes it', { timeout: 30_000 }, async () => {
    const closed: Promise<unknown>[] = [];
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
    const server = createServer((socket: Socket) => {
      const first = closed.length === 0;
      closed.push(once(socket, 'close'));
      socket.once('data', () => {
        socket.write(answer);
        // After the first answer has been read: the other end says nothing more.
        if (first) setTimeout(() => socket.write('HTTP/1.1 401 Poison\r\nContent-Length: 0\r\n\r\n'), 50);
      });
      socket.on('error', () => undefined);
    });
    const registry = createRegistry({ registry: await listening(server), ...patient });
    await registry.ping();
    await closed[0];
    await registry.ping();
    expect(closed.length).toBe(2);
  });
});
