import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Fetch } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { createRegistry } from '@notarykit/registry-client';
import { faults } from '@notarykit/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createPace } from '../../../packages/registry-client/src/http/pace.js';
import { createTransport } from '../../../packages/transport/src/transport.node.js';
import { cutAnswers, oddAnswers, type RawAnswer, statuses } from '../../support/raw-answers/corpus.js';
import { runAnswers, timeouts } from '../../support/raw-answers/run.js';
import { blobOf, bytesOf, readAll, seed, serve } from './support.js';

/** The part of the corpus that runs each time; `test/nightly` runs the whole. */
describe('H9 X2 whatever bytes a server sends, each verb ends with an answer or a coded error, and leaves no socket', () => {
  const thin =
    (every: number) =>
    (_: RawAnswer, __: string, i: number): boolean =>
      i % every === 0;

  it.each<[string, readonly RawAnswer[], number]>([
    ['every status', statuses(), 5],
    ['an answer that breaks off anywhere', cutAnswers(), 5],
    ['answers that are wrong in a way of their own', oddAnswers(20), 3],
  ])('H9 X2 %s', { timeout: 180_000 }, async (_, answers, every) => {
    const { runs, settled, uncoded } = await runAnswers(answers, thin(every));
    expect(uncoded).toEqual([]);
    expect(settled).toBe(runs);
    expect(runs).toBeGreaterThan(500);
  });

  // Every body with a length then goes the way of large ones, which the parser does not see.
  it.each<[string, readonly RawAnswer[], number]>([
    ['every status', statuses(), 7],
    ['an answer that breaks off anywhere', cutAnswers(), 5],
    ['answers that are wrong in a way of their own', oddAnswers(20), 5],
  ])('H9 X2 past the parser: %s', { timeout: 180_000 }, async (_, answers, every) => {
    const { runs, settled, uncoded } = await runAnswers(answers, thin(every), { connection: { pastParserFrom: 1 } });
    expect(uncoded).toEqual([]);
    expect(settled).toBe(runs);
    expect(runs).toBeGreaterThan(300);
  });
});

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that does something with each connection. */
async function listening(connected: (socket: Socket) => void): Promise<{ host: string; open: Set<Socket> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    connected(socket);
  });
  closing.push(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, open };
}

const none = { retry: { maxRetries: 0 } };
const failed = { code: expect.stringMatching(/^ERR_REGISTRY_/) };

describe('H9 servers that never answer', () => {
  it.each([
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\nmore than was asked for',
    'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 200',
    'SSH-2.0-x\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\n',
    '',
  ])('H9 a proxy that answers %j to CONNECT is given up, and its connection closed', async (text) => {
    const { host, open } = await listening((socket) => socket.once('data', () => socket.write(text)));
    const connection = { proxy: `http://${host}` };
    const registry = createRegistry({ registry: 'registry.example.com', connection, timeouts, ...none });
    await expect(registry.ping()).rejects.toMatchObject(failed);
    await expect.poll(() => open.size, { timeout: 60_000 }).toBe(0);
  });

  it('H9 a request that waits for a free socket ends in time', async () => {
    const { host } = await listening(() => undefined);
    const patient = { headersMs: 60_000, idleMs: 60_000, metadataMs: 60_000 };
    const fetch = createTransport({ maxSockets: 1 });
    const first = createRegistry({ registry: host, fetch, timeouts: patient, ...none });
    const controller = new AbortController();
    const held = first.ping({ signal: controller.signal });
    await expect(createRegistry({ registry: host, fetch, timeouts, ...none }).ping()).rejects.toMatchObject({
      code: 'ERR_REGISTRY_TIMEOUT',
    });
    controller.abort(new Error('enough'));
    await expect(held).rejects.toThrow('enough');
  });

  it.each<[string, Fetch]>([
    ['does not answer', () => new Promise(() => undefined)],
    [
      'gives a body that does not end',
      async (url) => ({ status: 200, headers: { get: () => null }, url, body: new ReadableStream() }),
    ],
  ])('H9 a transport that %s and heeds no signal is not waited for', async (_, fetch) => {
    const repository = createRegistry({ registry: 'registry.test', fetch, timeouts, ...none }).repository('a');
    await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_TIMEOUT' });
    const blob = blobOf(bytesOf(10));
    await expect(readAll(repository, blob)).rejects.toMatchObject({ code: 'ERR_REGISTRY_TIMEOUT' });
    const reason = new Error('enough');
    const controller = new AbortController();
    const client = createRegistry({ registry: 'registry.test', fetch, ...none });
    const asked = client.repository('a').resolve('v1', { signal: controller.signal });
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });
});

describe('H9 servers that send slowly', () => {
  /** Answers each GET with the head of `size` bytes, and then a byte at a time. */
  const dripping = (size: number) =>
    listening((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
        const timer = setInterval(() => socket.write('x'), 5);
        socket.on('close', () => clearInterval(timer));
      });
    });
  // Nothing is silent for so long, unless the machine is.
  const drips = { headersMs: 60_000, idleMs: 60_000, metadataMs: 200, minBytesPerSecond: 100_000, minRateOverMs: 200 };

  it.each<[string, number, number]>([
    ['a small blob has a bound on its whole time, however often it is resumed', 3000, 1],
    ['a large one on its rate, and each resumption has it again', 9 * 1024 * 1024, 3],
  ])('H9 %s', async (_, size, connections) => {
    const { host } = await dripping(size);
    let asked = 0;
    const transport = createTransport();
    const fetch: Fetch = (url, init) => {
      asked++;
      return transport(url, init);
    };
    const retry = { maxRetries: 2, baseMs: 1, maxMs: 1 };
    const repository = createRegistry({ registry: host, fetch, timeouts: drips, retry }).repository('a');
    const blob = { ...blobOf(bytesOf(10)), size };
    await expect(readAll(repository, blob)).rejects.toMatchObject({ code: 'ERR_REGISTRY_TIMEOUT' });
    expect(asked).toBe(connections);
  });

  it('H9 a reader that is slow itself is not taken for a slow sender', () => {
    const pace = createPace(9 * 1024 * 1024, { ...drips, minBytesPerSecond: 1024, minRateOverMs: 1000 });
    expect(pace.took(900, 0)).toBeUndefined();
    expect(pace.took(900, 2000)).toBeUndefined();
    expect(pace.took(900, 0)).toBeUndefined();
    expect(pace.took(900, 10)).toMatchObject({ final: false });
  });
});

describe('H10 "retries: 0" makes no retry', () => {
  it.each<[string, number]>([
    ['none', 0],
    ['one', 1],
  ])('H10 with %s', async (_, maxRetries) => {
    const served = await serve();
    const { blob } = await seed(served);
    const repository = served.client({ retry: { maxRetries, baseMs: 1 } }).repository('net-monitor');
    const count = (method: string): number => served.registry.requests.filter((one) => one.method === method).length;
    served.registry.rule({ method: ['PUT', 'PATCH'], route: 'upload', action: faults.cut() });
    const bytes = bytesOf(300_000, 3);
    await expect(repository.push(blobOf(bytes), () => streamOf(bytes))).rejects.toMatchObject(failed);
    expect(count('PUT')).toBe(maxRetries + 1);
    await expect(repository.push(blobOf(bytes), bytes, { chunked: true })).rejects.toMatchObject(failed);
    expect(count('PATCH')).toBeLessThanOrEqual((maxRetries + 1) ** 2);
    served.registry.forgetRequests();
    served.registry.rule({ method: 'GET', route: 'blob', action: faults.cutBodyAfter(10) });
    await expect(readAll(repository, blob)).rejects.toMatchObject(failed);
    expect(count('GET')).toBe(maxRetries + 1);
  });

  it('a registry that takes no chunks still gets the blob', async () => {
    const served = await serve({ chunks: false });
    const bytes = bytesOf(1000);
    const repository = served.client({ retry: { maxRetries: 0 } }).repository('net-monitor');
    await repository.push(blobOf(bytes), bytes, { chunked: true });
    expect(await repository.exists(blobOf(bytes))).toBe(true);
  });

  it('a registry that stores chunks bit by bit is given up', async () => {
    const served = await serve();
    let stored = 0;
    const answer = (status: number, location: string) => ({
      status,
      headers: [
        ['Location', location],
        ['Range', `0-${++stored}`],
        ['Content-Length', '0'],
      ] as [string, string][],
      body: new Uint8Array(),
    });
    served.registry.rule({ method: 'PATCH', action: ({ request }) => answer(202, request.url.pathname) });
    served.registry.rule({
      method: 'GET',
      route: 'upload',
      action: ({ request }) => answer(204, request.url.pathname),
    });
    const bytes = bytesOf(100_000);
    const pushing = served.client().repository('net-monitor').push(blobOf(bytes), bytes, { chunked: true });
    await expect(pushing).rejects.toMatchObject({ code: 'ERR_REGISTRY_PROTOCOL' });
    expect(served.registry.requests.length).toBeLessThan(100);
  });
});

it.each<[string, () => ReadableStream<Uint8Array>]>([
  ['fails', () => new ReadableStream({ pull: (controller) => controller.error(new Error('disk')) })],
  ['fails with no error', () => new ReadableStream({ pull: (controller) => controller.error('disk') })],
  ['is short', () => streamOf(bytesOf(1000))],
])('a push whose source %s ends', async (_, open) => {
  const served = await serve();
  const repository = served.client(none).repository('net-monitor');
  const pushing = repository.push(blobOf(bytesOf(2_000_000)), open);
  await expect(pushing).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_(?:REGISTRY|OCI)_/) });
  await expect(
    repository.pushStream(new ReadableStream({ pull: (c) => c.error(new Error('disk')) })),
  ).rejects.toThrow();
});
