import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from 'node:tls';
import { createAdmissionHandler, type VerifyImage } from '@notarykit/admission';
import { type AdmissionServer, type ServeAdmissionOptions, serveAdmission } from '@notarykit/admission/node';
import { createAuthority } from '@notarykit/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { judge, podRequest } from './ask.js';
import { holding, writeKeyPair } from './lab.js';
import { type ClientTls, connectTo, post, trusting, untilClosed } from './webhook-client.js';

const digest = `sha256:${'a'.repeat(64)}` as const;
const trust: VerifyImage = async () => ({ verdict: 'trusted', digest, code: 'TRUSTED', message: 'signed' });
const review = (): string =>
  JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: podRequest(['r.io/x:1']) });
const timeout = 60_000;

let folder: string;
let caFile: string;
let tls: { certFile: string; keyFile: string };
let client: ClientTls;
const open: AdmissionServer[] = [];
let serial = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'notarykit-webhook-'));
  caFile = await newKeyPair();
  tls = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
  client = trusting(caFile);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

/** A key pair of a new authority in place of the old one; the file of the authority. */
async function newKeyPair(): Promise<string> {
  const authority = await createAuthority({ name: 'Cluster' });
  const file = join(folder, `ca-${serial++}.crt`);
  writeFileSync(file, authority.root.pem);
  await writeKeyPair(authority, folder);
  return file;
}

async function serve(
  verify: VerifyImage = trust,
  options: Partial<ServeAdmissionOptions & { timeoutMs: number }> = {},
) {
  const { timeoutMs = 60_000, ...rest } = options;
  const handler = createAdmissionHandler({ review: { verify }, tags: 'digests', timeoutMs });
  const server = await serveAdmission(handler, { host: '127.0.0.1', port: 0, tls, graceMs: 30_000, ...rest });
  open.push(server);
  return server;
}

describe('serveAdmission', { timeout }, () => {
  it('answers a review over TLS 1.3 and no less', async () => {
    const server = await serve();
    const body = review();
    const answer = await post(server, client, '/mutate?timeout=10s', body);
    expect(judge(body, answer, 'mutate')).toMatchObject({ outcome: 'allow', patched: true });
    expect(answer.headers['content-type']).toBe('application/json');
    const socket = await connectTo(server, client);
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
    await expect(connectTo(server, { ...client, maxVersion: 'TLSv1.2' })).rejects.toMatchObject({
      code: expect.stringMatching(/ERR_SSL|EPROTO|ECONNRESET/),
    });
    await expect(connectTo(server, {})).rejects.toMatchObject({ code: expect.stringMatching(/CERT|ISSUER/) });
  });

  it('certificate reload: new connections get the new one, those that are open go on', async () => {
    const server = await serve(trust, { reloadMs: 20 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await post(server, { ...client, agent }, '/validate', review())).toMatchObject({ status: 200 });
    const renewed = trusting(await newKeyPair());
    for (let seen = false; !seen; )
      seen = await post(server, renewed, '/healthz', '').then(
        () => true,
        () => false,
      );
    await expect(post(server, client, '/healthz', '')).rejects.toMatchObject({
      code: expect.stringMatching(/CERT|ISSUER/),
    });
    expect(await post(server, { ...client, agent }, '/validate', review())).toMatchObject({ status: 200 });
    agent.destroy();
  });

  it('certificate reload: keeps the old key pair when only one file has changed', async () => {
    const said: string[] = [];
    const logger = { warn: (text: string) => said.push(text), info: (text: string) => said.push(text) };
    const server = await serve(trust, { logger, reloadMs: 20 });
    const other = await createAuthority({ name: 'Other' });
    writeFileSync(tls.keyFile, (await other.issueLeaf()).privateKeyPem);
    await expect(server.reload()).rejects.toMatchObject({ code: 'ERR_ADMISSION_CONFIG' });
    expect(await post(server, client, '/validate', review())).toMatchObject({ status: 200 });
    await vi.waitFor(() => expect(said.join('\n')).toContain('the old ones stay'), { timeout: 30_000 });
    const renewed = trusting(await newKeyPair());
    await vi.waitFor(() => expect(said).toContain('certificates reloaded'), { timeout: 30_000 });
    expect(await post(server, renewed, '/validate', review())).toMatchObject({ status: 200 });
  });

  it('certificate reload: fails on a runtime without setSecureContext', async () => {
    const server = await serve();
    const { setSecureContext } = Server.prototype;
    try {
      Reflect.set(Server.prototype, 'setSecureContext', undefined);
      await expect(server.reload()).rejects.toMatchObject({
        code: 'ERR_ADMISSION_CONFIG',
        message: expect.stringContaining('restart the server'),
      });
    } finally {
      Server.prototype.setSecureContext = setSecureContext;
    }
  });

  it('files that are not a key pair, and a port that is taken', async () => {
    const server = await serve();
    const { port } = server;
    await expect(serve(trust, { port })).rejects.toMatchObject({ code: 'ERR_ADMISSION_CONFIG' });
    writeFileSync(tls.certFile, 'no certificate');
    await expect(serve()).rejects.toMatchObject({ code: 'ERR_ADMISSION_CONFIG' });
    rmSync(tls.keyFile);
    await expect(serve()).rejects.toMatchObject({ code: 'ERR_ADMISSION_CONFIG' });
  });

  it('client CA required: without a certificate of it there is no answer, and it is reloaded too', async () => {
    const gatekeeper = await createAuthority({ name: 'Gatekeeper' });
    const clientCaFile = join(folder, 'clients.crt');
    writeFileSync(clientCaFile, gatekeeper.root.pem);
    const server = await serve(trust, { tls: { ...tls, clientCaFile } });
    const certificateOf = async (authority: typeof gatekeeper) => {
      const own = join(folder, 'client');
      mkdirSync(own, { recursive: true });
      const files = await writeKeyPair(authority, own);
      return { ...client, cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) };
    };
    const known = await certificateOf(gatekeeper);
    const stranger = await certificateOf(await createAuthority({ name: 'Stranger' }));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const connect = vi.spyOn(agent, 'createConnection');
    expect(await post(server, { ...known, agent }, '/validate', review())).toMatchObject({ status: 200 });
    await expect(post(server, client, '/validate', review())).rejects.toHaveProperty('code');
    await expect(post(server, stranger, '/validate', review())).rejects.toHaveProperty('code');
    await server.reload();
    expect(await post(server, { ...known, agent }, '/validate', review())).toMatchObject({ status: 200 });
    expect(connect).toHaveBeenCalledTimes(1);
    const next = await createAuthority({ name: 'Next' });
    writeFileSync(clientCaFile, next.root.pem);
    await server.reload();
    expect(await post(server, await certificateOf(next), '/validate', review())).toMatchObject({ status: 200 });
    await expect(post(server, known, '/validate', review())).rejects.toHaveProperty('code');
    // A connection that was open before is closed, too.
    await expect(post(server, { ...known, agent }, '/validate', review())).rejects.toHaveProperty('code');
    agent.destroy();
  });

  it('slow body: the deadline ends it with a status, and the connection', async () => {
    const server = await serve(trust, { timeoutMs: 200 });
    const socket = await connectTo(server, client);
    const answer = untilClosed(socket);
    socket.write('POST /validate HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n{"kind":');
    const drip = setInterval(() => socket.write(' '), 100);
    const { text } = await answer;
    clearInterval(drip);
    expect(text).toMatch(/^HTTP\/1\.1 408 [\s\S]*connection: close[\s\S]*ERR_ADMISSION_TIMEOUT/i);
  });

  it('7 MiB body: accepts one byte less, answers 413 to one more', async () => {
    const server = await serve();
    const limit = 7 * 1024 * 1024;
    const body = review();
    const padded = `${body.slice(0, -1)},"pad":"${'x'.repeat(limit - body.length - 9)}"}`;
    expect(padded.length).toBe(limit);
    expect(await post(server, client, '/validate', padded)).toMatchObject({ status: 200 });
    // Sent to the last byte by a client that reads no answer before: a reset would lose it.
    const big = await post(server, client, '/validate', `${padded} `);
    expect(big).toMatchObject({ status: 413, body: expect.stringContaining('ERR_ADMISSION_TOO_LARGE') });
    const huge = await post(server, client, '/validate', Buffer.alloc(4 * limit, 32));
    expect(huge).toMatchObject({ status: 413, headers: { connection: 'close' } });
    expect(await post(server, client, '/validate', review())).toMatchObject({ status: 200 });
  });

  it('a body without end: 413, and then the connection is cut', async () => {
    const server = await serve();
    const socket = await connectTo(server, client);
    const answer = untilClosed(socket);
    socket.write('POST /validate HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n');
    const chunk = `100000\r\n${'x'.repeat(1024 * 1024)}\r\n`;
    const write = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', write);
    write();
    expect((await answer).text).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('early close: the review ends with its client, and the server goes on', async () => {
    const { verify, go, reached, signals } = holding(trust);
    const server = await serve(verify);
    const socket = await connectTo(server, client);
    const body = review();
    socket.write(`POST /mutate HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    await reached;
    const [signal] = signals;
    const aborted = new Promise((resolve) => signal?.addEventListener('abort', resolve));
    expect(signal?.aborted).toBe(false);
    socket.destroy();
    await aborted;
    go();
    // One who leaves in the middle of the body, and one before TLS has begun.
    const half = await connectTo(server, client);
    half.write(`POST /mutate HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`);
    half.destroy();
    connect(server.port, '127.0.0.1').destroy();
    expect(await post(server, client, '/mutate', review())).toMatchObject({ status: 200 });
  });

  it('graceful shutdown: the request in flight is answered, then its connection ends, and no new one is taken', async () => {
    const { verify, go, reached } = holding(trust);
    const server = await serve(verify);
    const agent = new Agent({ keepAlive: true });
    const body = review();
    const idle = await connectTo(server, client);
    const idleEnds = untilClosed(idle);
    const flight = post(server, { ...client, agent }, '/mutate', body);
    await reached;
    const closed = server.close();
    await idleEnds;
    await expect(post(server, client, '/healthz', '')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    go();
    expect(judge(body, await flight, 'mutate')).toMatchObject({ outcome: 'allow' });
    await closed;
    agent.destroy();
  });

  it('graceful shutdown: what does not end within the grace is ended', async () => {
    const { verify, reached } = holding(trust);
    const server = await serve(verify, { graceMs: 50 });
    const flight = post(server, client, '/mutate', review()).catch((error: NodeJS.ErrnoException) => error.code);
    // A connection that never gets to TLS must not hold the server either.
    const mute = connect(server.port, '127.0.0.1');
    mute.on('error', () => undefined);
    await reached;
    await server.close();
    expect(await flight).toBe('ECONNRESET');
    mute.destroy();
  });
});
