import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { createVerificationHandler, type VerifyImage } from '@notarykit/admission';
import { type ServeVerificationOptions, serveVerification } from '@notarykit/admission/node';
import { createAuthority } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { holding, writeKeyPair } from '../admission/lab.js';
import { connectTo, send, untilClosed } from '../admission/webhook-client.js';
import { bearer, codeOf, createServiceLab, type ServiceLab, token } from './lab.js';

const digest = `sha256:${'a'.repeat(64)}` as const;
const verify: VerifyImage = async () => ({ verdict: 'trusted', digest, code: 'TRUSTED', message: 'signed' });
const routes = { verify };
const body = JSON.stringify({ images: ['r.io/x:1'] });
const asking = { method: 'POST', path: '/v1/verify', body } as const;

let lab: ServiceLab;
beforeAll(async () => {
  lab = await createServiceLab();
});
afterAll(() => lab.close());

describe('authentication', () => {
  it('by default: no server starts without authentication or without TLS, unless the options say so', async () => {
    const { tls, tokenFile } = lab;
    const clientCaFile = join(lab.folder, 'ca.crt');
    const refused = expect.objectContaining({ code: 'ERR_ADMISSION_CONFIG' });
    const wrong: readonly Partial<ServeVerificationOptions>[] = [
      { tls },
      { tokenFile },
      { plainHttp: true },
      { tls, anonymous: true, tokenFile },
      { tls: { ...tls, clientCaFile }, anonymous: true },
      { tls, tokenFile, plainHttp: true },
      { tls, tokenFile: join(lab.folder, 'none') },
      { anonymous: true },
      { tls, anonymous: 'false' as never },
      { tokenFile, plainHttp: 'false' as never },
    ];
    for (const options of wrong)
      await expect(serveVerification({ host: '127.0.0.1', port: 0, routes, ...options })).rejects.toEqual(refused);
    expect(() => createVerificationHandler({ routes } as never)).toThrow(refused);
    const reported = await serveVerification({ host: '127.0.0.1', port: 0, routes, plainHttp: true, anonymous: true });
    const answer = await fetch(`http://127.0.0.1:${reported.port}/v1/verify`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    await reported.close();
  });

  it.each([
    ['none', {}],
    ['another token', { authorization: 'Bearer another-token-of-the-tests' }],
    ['another scheme', { authorization: `Basic ${token}` }],
    ['a part of it', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['more than it', { authorization: `Bearer ${token}x` }],
    ['two of them', { authorization: [`Bearer ${token}`, 'Bearer another-token-of-the-tests'] }],
    ['an empty one', { authorization: 'Bearer ' }],
  ] as const)('by token: %s is refused before anything else is told', async (_, headers) => {
    const server = await lab.serve({ routes });
    const given = headers as Record<string, string | string[]>;
    for (const path of ['/v1/verify', '/v1/gate', '/metrics', '/nothing']) {
      const answer = await send(server, lab.client, { ...asking, path, headers: given });
      expect([answer.status, codeOf(answer), answer.headers['www-authenticate']]).toEqual([
        401,
        'ERR_ADMISSION_UNAUTHORIZED',
        'Bearer',
      ]);
      expect(answer.body).not.toContain(token.slice(0, 8));
    }
  });

  it('by token: requests with it are answered; health checks need none', async () => {
    let ready = false;
    const server = await lab.serve({ routes, ready: () => ready });
    expect(await send(server, lab.client, { ...asking, headers: bearer })).toMatchObject({ status: 200 });
    expect(await send(server, lab.client, { ...asking, headers: { authorization: `bearer ${token}` } })).toMatchObject({
      status: 200,
    });
    const get = (path: string) => send(server, lab.client, { method: 'GET', path });
    expect([(await get('/healthz')).status, (await get('/readyz')).status]).toEqual([200, 503]);
    ready = true;
    expect(await get('/readyz')).toMatchObject({ status: 200, body: 'ok' });
  });

  it('by token: a token that is removed from the file is refused, and so is every token when the file is invalid', async () => {
    const tokenFile = join(lab.folder, 'changing');
    writeFileSync(tokenFile, `${token}\nthe-next-token-of-tests\n`);
    const server = await lab.serve({ routes, tokenFile });
    const next = { authorization: 'Bearer the-next-token-of-tests' };
    const status = async (headers: Record<string, string>) =>
      (await send(server, lab.client, { ...asking, headers })).status;
    expect([await status(bearer), await status(next)]).toEqual([200, 200]);
    writeFileSync(tokenFile, 'the-next-token-of-tests\r\n');
    await server.reload();
    expect([await status(bearer), await status(next)]).toEqual([401, 200]);
    for (const content of ['', '\n', 'short', 'the-next-token-of-tests\nwith a space in it', undefined]) {
      if (content === undefined) rmSync(tokenFile);
      else writeFileSync(tokenFile, content);
      await server.reload();
      expect(await status(next)).toBe(401);
    }
    writeFileSync(tokenFile, `${token}\n`);
    await server.reload();
    expect(await status(bearer)).toBe(200);
  });

  it('by certificate: only clients of the authority connect, and where both are asked for, both are needed', async () => {
    const gateway = await createAuthority({ name: 'Gateway' });
    const clientCaFile = join(lab.folder, 'clients.crt');
    writeFileSync(clientCaFile, gateway.root.pem);
    const certificateOf = async (authority: typeof gateway, name: string) => {
      const own = join(lab.folder, name);
      mkdirSync(own);
      const files = await writeKeyPair(authority, own);
      return { ...lab.client, cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) };
    };
    const known = await certificateOf(gateway, 'known');
    const stranger = await certificateOf(await createAuthority({ name: 'Stranger' }), 'stranger');
    const options = { tls: { ...lab.tls, clientCaFile } };
    const server = await serveVerification({ host: '127.0.0.1', port: 0, routes, ...options });
    expect(await send(server, known, asking)).toMatchObject({ status: 200 });
    for (const client of [lab.client, stranger])
      await expect(send(server, client, { ...asking, headers: bearer })).rejects.toHaveProperty('code');
    await server.close();
    const both = await lab.serve({ routes, ...options });
    expect(await send(both, known, asking)).toMatchObject({ status: 401 });
    expect(await send(both, known, { ...asking, headers: bearer })).toMatchObject({ status: 200 });
    await expect(send(both, lab.client, { ...asking, headers: bearer })).rejects.toHaveProperty('code');
    for (const content of ['', 'no certificate', readFileSync(lab.tls.keyFile)]) {
      writeFileSync(clientCaFile, content);
      const refused = expect.objectContaining({ code: 'ERR_ADMISSION_CONFIG' });
      await expect(serveVerification({ host: '127.0.0.1', port: 0, routes, ...options })).rejects.toEqual(refused);
      await expect(both.reload()).rejects.toEqual(refused);
    }
    expect(await send(both, known, { ...asking, headers: bearer })).toMatchObject({ status: 200 });
  });
});

describe('limits', () => {
  it('a body of more than 64 KiB: 413, and the sender sees it', async () => {
    const server = await lab.serve({ routes });
    const padded = body.padEnd(65_536);
    expect(await send(server, lab.client, { ...asking, headers: bearer, body: padded })).toMatchObject({ status: 200 });
    const big = await send(server, lab.client, { ...asking, headers: bearer, body: `${padded} ` });
    expect([big.status, codeOf(big)]).toEqual([413, 'ERR_ADMISSION_TOO_LARGE']);
  });

  it('a body that does not come: the deadline ends it with a status', async () => {
    const server = await lab.serve({ routes, timeoutMs: 50 });
    const socket = await connectTo(server, lab.client);
    const answer = untilClosed(socket);
    socket.write(
      `POST /v1/verify HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${token}\r\ncontent-length: 99\r\n\r\n{"im`,
    );
    expect((await answer).text).toMatch(/^HTTP\/1\.1 408 [\s\S]*ERR_ADMISSION_TIMEOUT/i);
  });

  it('too many at once: refused with the time to try again', async () => {
    const slow = holding(verify);
    const server = await lab.serve({ routes: { verify: slow.verify }, maxInFlight: 1 });
    const first = send(server, lab.client, { ...asking, headers: bearer });
    await slow.reached;
    const second = await send(server, lab.client, { ...asking, headers: bearer });
    expect([second.status, codeOf(second), second.headers['retry-after']]).toEqual([503, 'ERR_ADMISSION_BUSY', '1']);
    slow.go();
    expect(await first).toMatchObject({ status: 200 });
  });

  it('a caller that leaves ends its work, and the server goes on', async () => {
    const slow = holding(verify);
    const server = await lab.serve({ routes: { verify: slow.verify } });
    const socket = await connectTo(server, lab.client);
    const head = `POST /v1/verify HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${token}\r\n`;
    socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`);
    await slow.reached;
    const [signal] = slow.signals;
    const aborted = new Promise((resolve) => signal?.addEventListener('abort', resolve));
    socket.destroy();
    await aborted;
    slow.go();
    expect(await send(server, lab.client, { ...asking, headers: bearer })).toMatchObject({ status: 200 });
  });

  it('a verdict that takes too long is undecided', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const slow = holding(verify);
      const handler = createVerificationHandler({
        routes: { verify: slow.verify },
        authorize: 'everyone',
        timeoutMs: 20,
      });
      const answer = handler(new Request('https://service.test/v1/verify', { method: 'POST', body }));
      await slow.reached;
      vi.advanceTimersByTime(20);
      const { status } = await answer.then(async (response) => {
        expect(await response.json()).toMatchObject({ trusted: false, results: [{ code: 'DEADLINE' }] });
        return response;
      });
      expect(status).toBe(503);
    } finally {
      vi.useRealTimers();
    }
  });

  it('graceful shutdown: the request under way is answered, and no new one is taken', async () => {
    const slow = holding(verify);
    const server = await lab.serve({ routes: { verify: slow.verify }, graceMs: 30_000 });
    const agent = new Agent({ keepAlive: true });
    const flight = send(server, { ...lab.client, agent }, { ...asking, headers: bearer });
    await slow.reached;
    const closed = server.close();
    await expect(send(server, lab.client, { method: 'GET', path: '/healthz' })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    slow.go();
    expect(await flight).toMatchObject({ status: 200 });
    await closed;
    agent.destroy();
  });
});
