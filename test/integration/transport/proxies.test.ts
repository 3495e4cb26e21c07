import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { isCodedError } from '@notarykit/common';
import { vaultLogin, vaultSigner } from '@notarykit/kms-providers/vault';
import { createHttpTimestamper } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createAuthority, subjectAltName } from '@notarykit/testing';
import { createTransport, type TransportOptions } from '@notarykit/transport';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ProxyScript,
  proxyPassword,
  type ScriptedProxy,
  startScriptedProxy,
} from '../../support/scripted-proxy.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function start(script: ProxyScript = {}): Promise<ScriptedProxy> {
  const proxy = await startScriptedProxy(script);
  closing.push(() => proxy.close());
  return proxy;
}

/** Everything that an error shows. */
function shown(error: unknown): string {
  const { message, stack, cause } = error as Error;
  const detail = isCodedError(error) ? JSON.stringify(error.detail) : '';
  return `${message}\n${stack}\n${detail}${cause === undefined ? '' : shown(cause)}`;
}

const secret = new RegExp(`${proxyPassword}|${Buffer.from(`build:${proxyPassword}`).toString('base64')}`);

const say = (text: string) => (_: unknown, socket: Duplex) => void socket.end(text);

describe('a proxy that opens no tunnel', () => {
  it.each([
    ['refuses', say('HTTP/1.1 403 Forbidden\r\n\r\n'), { status: 403 }],
    ['wants another account', say('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'), { status: 407 }],
    ['sends elsewhere', say('HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n'), { status: 302 }],
    ['has no way', say('HTTP/1.1 502 Bad Gateway\r\n\r\n'), { status: 502 }],
    ['closes', say(''), {}],
  ])('%s: the request was not made', async (_, connect, detail) => {
    const proxy = await start({ connect });
    const asked = createTransport({ proxy: proxy.url })('https://registry.test/v2/');
    const error: unknown = await asked.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_TRANSPORT_PROXY', detail });
    expect(shown(error)).not.toMatch(secret);
    expect(proxy.asked).toEqual(['CONNECT registry.test:443']);
  });

  it('an answer in place of the server is not taken for one of the server', async () => {
    const proxy = await start({ connect: say('HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n') });
    const asked = createTransport({ proxy: proxy.url })('https://registry.test/v2/');
    const error: unknown = await asked.catch((caught: unknown) => caught);
    // Of the transport when the answer comes with that to CONNECT, of TLS when it comes after.
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(ERR_TRANSPORT_PROXY|ERR_SSL_|EPROTO|EPIPE|ECONNRESET)/),
    });
    expect(shown(error)).not.toMatch(secret);
    expect(proxy.asked).toEqual(['CONNECT registry.test:443']);
  });

  it('a proxy in the way of a tunnel has no certificate for the server', async () => {
    const own = await (await createAuthority()).issueLeaf({ extensions: () => [subjectAltName(['registry.test'])] });
    const fake = createServer({ key: own.privateKeyPem, cert: own.pem }, (_, answer) => answer.end('believe me'));
    await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => fake.close(resolve)));
    const proxy = await start({ routes: { 'registry.test:443': (fake.address() as AddressInfo).port } });
    const trusted = (await createAuthority()).root.pem;
    await expect(createTransport({ proxy: proxy.url, ca: trusted })('https://registry.test/')).rejects.toMatchObject({
      code: expect.stringMatching(/CERT|SELF_SIGNED|ISSUER|SIGNATURE/),
    });
  });

  it('the registry client says which proxy, and that another account is needed', async () => {
    const proxy = await start({ connect: say('HTTP/1.1 407 No\r\n\r\n') });
    const fetch = createTransport({ proxy: proxy.url });
    const registry = createRegistry({ registry: 'registry.test', fetch });
    const error: unknown = await registry.ping().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_REGISTRY_UNAVAILABLE', detail: { retryable: false } });
    expect((error as Error).message).toContain(`127.0.0.1:${proxy.port} answered CONNECT with 407`);
    expect(shown(error)).not.toMatch(secret);
    // Asked once: the same account is refused again.
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('a proxy that is not there', () => {
  it.each(['http://crl.test/', 'https://registry.test/'])(
    '%s: the message names the proxy, not the server',
    async (url) => {
      const proxy = await startScriptedProxy();
      await proxy.close();
      for (const at of [proxy.url, proxy.url.replace('127.0.0.1', 'proxy.internal')]) {
        const lookup: NonNullable<TransportOptions['lookup']> = (_, __, done) => done(new Error('not asked'), '');
        const resolve = { 'proxy.internal': '127.0.0.1' };
        const error: unknown = await createTransport({ proxy: at, lookup, resolve })(url).catch(
          (caught: unknown) => caught,
        );
        const place = new URL(at).host;
        expect(error).toMatchObject({ code: 'ERR_TRANSPORT_PROXY', detail: { proxy: place } });
        expect((error as Error).message).toBe(`the proxy ${place} cannot be reached: ECONNREFUSED`);
        expect(shown(error)).not.toMatch(secret);
      }
    },
  );

  it('a timestamping authority says so', async () => {
    const proxy = await startScriptedProxy();
    await proxy.close();
    const fetch = createTransport({ proxy: proxy.url });
    const timestamper = createHttpTimestamper({ url: 'https://tsa.test/', roots: [], fetch });
    await expect(timestamper.timestamp(new Uint8Array(1), 'sha256')).rejects.toMatchObject({
      code: 'ERR_PKI_TSA',
      message: expect.stringContaining(`the proxy 127.0.0.1:${proxy.port} cannot be reached: ECONNREFUSED`),
    });
  });
});

describe('proxy-secrets a proxy that repeats its account', () => {
  const repeating: ProxyScript = {
    answer({ headers }, outgoing) {
      const sent = headers['proxy-authorization'] ?? '';
      const said = Buffer.from(sent.slice(6), 'base64').toString();
      const errors = [sent, said, { code: 'DENIED', message: `${sent} ${said}` }];
      outgoing.writeHead(403, { 'content-type': `text/${said}` });
      outgoing.end(JSON.stringify({ errors, error: { message: said, code: 403 } }));
    },
  };

  it.each([
    [
      'a timestamping authority',
      (fetch: ReturnType<typeof createTransport>) =>
        createHttpTimestamper({ url: 'http://tsa.test/', roots: [], fetch }).timestamp(new Uint8Array(1), 'sha256'),
    ],
    [
      'Vault',
      (fetch: ReturnType<typeof createTransport>) =>
        vaultSigner({ address: 'http://vault.test', plainHttp: true, token: 't-1234', key: 'k', fetch }).describe(),
    ],
    [
      'a login to Vault',
      (fetch: ReturnType<typeof createTransport>) =>
        vaultLogin({ address: 'http://vault.test', plainHttp: true, path: 'auth/jwt/login', credentials: {}, fetch })(),
    ],
    [
      'a registry',
      (fetch: ReturnType<typeof createTransport>) =>
        createRegistry({ registry: 'registry.test', plainHttp: true, fetch, retry: { maxRetries: 0 } }).ping(),
    ],
  ] as const)('proxy-secrets no error of %s has it', async (_, ask) => {
    const proxy = await start(repeating);
    const error: unknown = await ask(createTransport({ proxy: proxy.url })).catch((caught: unknown) => caught);
    expect(isCodedError(error), String(error)).toBe(true);
    expect(proxy.asked).toHaveLength(1);
    expect(shown(error)).not.toMatch(secret);
  });
});

describe('options', () => {
  it('the proxy is found by its fixed address, whatever the rules for addresses', async () => {
    const proxy = await start({ answer: (_, outgoing) => outgoing.end() });
    const url = proxy.url.replace('127.0.0.1', 'proxy.internal');
    const resolve = { 'proxy.internal': '127.0.0.1' };
    const fetch = createTransport({ proxy: url, resolve, addresses: { private: false } });
    expect((await fetch('http://crl.test/')).status).toBe(200);
    await expect(fetch('https://crl.test/')).rejects.toMatchObject({ code: 'ERR_TRANSPORT_PROXY' });
    expect(proxy.asked).toEqual(['GET http://crl.test/', 'CONNECT crl.test:443']);
  });

  it('a fixed address of one port is that of no other, with a proxy and without', async () => {
    const proxy = await start({ answer: (_, outgoing) => outgoing.end('here') });
    const place = `a.internal:${proxy.port}`;
    const lookup: NonNullable<TransportOptions['lookup']> = (_, __, done) => done(new Error('not fixed'), '');
    const direct = createTransport({ resolve: { [place]: '127.0.0.1' }, lookup });
    expect((await direct(`http://${place}/`)).status).toBe(200);
    await expect(direct('http://a.internal:1/')).rejects.toThrow('not fixed');
    const proxied = createTransport({ proxy: `http://${place}`, resolve: { [place]: '127.0.0.1' } });
    expect((await proxied('http://crl.test/')).status).toBe(200);
    await expect(proxied('https://crl.test/')).rejects.toMatchObject({ code: 'ERR_TRANSPORT_PROXY' });
  });

  it.each(['constructor', '__proto__'])('a host called %s has no fixed address', async (host) => {
    const lookup: NonNullable<TransportOptions['lookup']> = (_, __, done) => done(new Error('not fixed'), '');
    await expect(createTransport({ resolve: {}, lookup })(`http://${host}/`)).rejects.toThrow('not fixed');
  });

  it.each([
    ['a.test', true],
    ['a.test:443', true],
    ['A.test', true],
    ['a.test:8443', false],
    ['b.test', false],
  ])('a client certificate for the host %s is shown to https://a.test: %s', async (host, expected) => {
    const authority = await createAuthority();
    const own = await authority.issueLeaf({ extensions: () => [subjectAltName(['a.test'])] });
    const identity = { cert: own.pem, key: own.privateKeyPem };
    const shown: boolean[] = [];
    const server = createServer({ ...identity, requestCert: true, rejectUnauthorized: false }, ({ socket }, answer) => {
      shown.push(Object.keys((socket as TLSSocket).getPeerCertificate()).length > 0);
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const proxy = await start({ routes: { 'a.test:443': (server.address() as AddressInfo).port } });
    const clientCertificate = { ...identity, hosts: [host] };
    const fetch = createTransport({ proxy: proxy.url, ca: authority.root.pem, clientCertificate });
    expect((await fetch('https://a.test/')).status).toBe(200);
    expect(shown).toEqual([expected]);
  });

  it.each<[string, TransportOptions]>([
    ['a client certificate for nobody', { clientCertificate: { cert: 'a', key: 'b' } }],
    ['a client certificate for an empty list', { clientCertificate: { cert: 'a', key: 'b', hosts: [] } }],
  ])('%s is refused', (_, options) => {
    expect(() => createTransport(options)).toThrow(expect.objectContaining({ code: 'ERR_TRANSPORT_UNSUPPORTED' }));
  });

  it('a proxy that cannot be used is refused with each request, and nothing goes past it', async () => {
    const fetch = createTransport({ proxy: 'socks5://p.test:1080' });
    await expect(fetch('http://a.test/')).rejects.toMatchObject({ code: 'ERR_TRANSPORT_UNSUPPORTED' });
    const registry = createRegistry({ registry: 'a.test', connection: { proxy: 'socks5://p.test:1080' } });
    await expect(registry.ping()).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNSUPPORTED' });
  });
});
