import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTransport, type TransportOptions } from '@notarykit/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ScriptedProxy, startScriptedProxy } from '../../support/scripted-proxy.js';

const refused = { code: 'ERR_TRANSPORT_ADDRESS' };
let proxy: ScriptedProxy;
let server: Server;
let reached: string[];
let port: number;

beforeEach(async () => {
  reached = [];
  proxy = await startScriptedProxy({ answer: (_, outgoing) => outgoing.end('answered by the proxy') });
  server = createServer((incoming, outgoing) => {
    reached.push(incoming.url ?? '');
    outgoing.end('reached');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await Promise.all([proxy.close(), new Promise((resolve) => server.close(resolve))]);
});

describe('proxied-addresses checks the address that a proxy reports', () => {
  it.each([
    ...['127.0.0.1', '127.8.8.8', '2130706433', '0x7f.1', '0177.0.0.1', '0.0.0.0', '[::1]', '[::ffff:7f00:1]'],
    ...['localhost', 'LOCALHOST.', 'a.localhost', 'localhost.localdomain', 'localhost6', 'ip6-loopback'],
    ...[
      '169.254.169.254',
      '[fe80::1]',
      '[fd00:ec2::254]',
      '168.63.129.16',
      '224.0.0.1',
      'localhost..',
      '127.0.0.1..',
      'pki..test',
    ],
    ...['metadata.google.internal', 'metadata.google.internal.', 'metadata', 'instance-data.ec2.internal'],
  ])('proxied-addresses %s is refused before the proxy is asked', async (host) => {
    const fetch = createTransport({ proxy: proxy.url, addresses: {} });
    await expect(fetch(`http://${host}/`)).rejects.toMatchObject(refused);
    await expect(fetch(`https://${host}/`)).rejects.toMatchObject(refused);
    expect(proxy.asked).toEqual([]);
  });

  it.each(['10.1.2.3', '[fd00::1]', 'pki', 'pki.wabbit.internal', 'pki.home.arpa', 'pki.wabbit.local'])(
    'proxied-addresses %s is in a private network: asked unless that is refused',
    async (host) => {
      const open = createTransport({ proxy: proxy.url, addresses: {} });
      expect((await open(`http://${host}/`)).status).toBe(200);
      const strict = createTransport({ proxy: proxy.url, addresses: { private: false } });
      await expect(strict(`http://${host}/`)).rejects.toMatchObject(refused);
      expect(proxy.asked).toEqual([`GET http://${host}/`]);
    },
  );

  it('without rules a proxy is asked for everything: the caller chose the URL', async () => {
    const fetch = createTransport({ proxy: proxy.url });
    for (const host of ['localhost', '169.254.169.254']) expect((await fetch(`http://${host}/`)).status).toBe(200);
    expect(proxy.asked).toHaveLength(2);
  });
});

describe('bypassed-addresses what goes past a proxy is checked when it is connected to', () => {
  const lookup: NonNullable<TransportOptions['lookup']> = (_host, _options, done) =>
    done(null, [{ address: '127.0.0.1', family: 4 }]);

  it('bypassed-addresses a name of NO_PROXY that leads to this machine', async () => {
    const fetch = createTransport({ proxy: proxy.url, noProxy: ['ocsp.test'], lookup, addresses: {} });
    await expect(fetch(`http://ocsp.test:${port}/`)).rejects.toMatchObject(refused);
    expect([...reached, ...proxy.asked]).toEqual([]);
  });

  it('bypassed-addresses a fixed address, too', async () => {
    const resolve = { 'ocsp.test': '127.0.0.1' };
    const fetch = createTransport({ noProxy: ['*'], proxy: proxy.url, resolve, addresses: {} });
    await expect(fetch(`http://ocsp.test:${port}/`)).rejects.toMatchObject(refused);
    expect([...reached, ...proxy.asked]).toEqual([]);
  });

  it('bypassed-addresses this machine, which the environment never sends to a proxy', async () => {
    for (const name of ['HTTP_PROXY', 'http_proxy']) vi.stubEnv(name, proxy.url);
    const fetch = createTransport({ proxy: 'env', addresses: {} });
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      await expect(fetch(`http://${host}:${port}/`)).rejects.toMatchObject(refused);
    expect([...reached, ...proxy.asked]).toEqual([]);
    // The same where the environment sends everything past the proxy.
    vi.stubEnv('NO_PROXY', '*');
    vi.stubEnv('no_proxy', '*');
    const past = createTransport({ proxy: 'env', addresses: {}, lookup });
    await expect(past(`http://ocsp.test:${port}/`)).rejects.toMatchObject(refused);
    expect([...reached, ...proxy.asked]).toEqual([]);
  });

  it('what the rules allow is reached, past the proxy and through it', async () => {
    const options = { proxy: proxy.url, noProxy: ['ocsp.test'], lookup, addresses: { loopback: true } };
    expect((await createTransport(options)(`http://ocsp.test:${port}/a`)).status).toBe(200);
    expect((await createTransport(options)('http://crl.test/b')).status).toBe(200);
    expect(reached).toEqual(['/a']);
    expect(proxy.asked).toEqual(['GET http://crl.test/b']);
  });
});

describe('only-hosts the caller says where a proxy may lead', () => {
  it.each([
    ['pki.wabbit.test', ['pki.wabbit.test'], true],
    ['a.pki.wabbit.test', ['pki.wabbit.test'], true],
    ['pki.wabbit.test.evil.test', ['pki.wabbit.test'], false],
    ['xpki.wabbit.test', ['pki.wabbit.test'], false],
    ['pki.wabbit.test', ['.wabbit.test'], true],
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['10.1.2.3.nip.io', ['10.0.0.0/8'], false],
    ['pki.wabbit.test:8080', ['pki.wabbit.test:80'], false],
    ['pki.wabbit.test', [], false],
  ])('only-hosts %s by %j: %s', async (host, onlyHosts, allowed) => {
    const fetch = createTransport({ proxy: proxy.url, onlyHosts });
    const asked = fetch(`http://${host}/`);
    if (allowed) expect((await asked).status).toBe(200);
    else await expect(asked).rejects.toMatchObject(refused);
    expect(proxy.asked).toHaveLength(allowed ? 1 : 0);
  });

  it('only-hosts without a proxy, too', async () => {
    await expect(createTransport({ onlyHosts: ['a.test'] })(`http://127.0.0.1:${port}/`)).rejects.toMatchObject(
      refused,
    );
    expect((await createTransport({ onlyHosts: ['127.0.0.1'] })(`http://127.0.0.1:${port}/`)).status).toBe(200);
    expect(reached).toHaveLength(1);
  });
});
