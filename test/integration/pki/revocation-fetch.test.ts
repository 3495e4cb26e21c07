import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createRevocationChecker } from '@notarykit/pki';
import { checkRevocationUrl } from '@notarykit/pki/internal';
import { revocationFetch } from '@notarykit/pki/node';
import { createAuthority, createAuthorityServices, faults, type Listener, subjectAltName } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainOf, now } from './revocation-lab.ts';

const code = 'ERR_PKI_REVOCATION';
const addresses = { loopback: true };

describe('R15 URLs that certificates may name', () => {
  test.each([
    'file:///etc/passwd',
    'ldap://ldap.test/cn=a',
    'https://ocsp.test/',
    'http://user:word@ocsp.test/',
    'http://127.0.0.1/',
    'http://localhost:8080/',
    'http://a.localhost./',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://224.0.0.1/',
    'no URL',
    '//ocsp.test/',
  ])('%s is refused', async (url) => {
    expect(() => checkRevocationUrl(url)).toThrow(expect.objectContaining({ code }));
    await expect(revocationFetch()(url)).rejects.toMatchObject({ code });
  });

  test('private networks are allowed unless refused', () => {
    expect(checkRevocationUrl('http://10.1.2.3/ca.crl').hostname).toBe('10.1.2.3');
    expect(() => checkRevocationUrl('http://10.1.2.3/', { private: false })).toThrow(expect.objectContaining({ code }));
  });

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', 'fe80::1', '0.0.0.0', '64:ff9b::7f00:1'])(
    'a name that resolves to %s is refused when it is connected to',
    async (address) => {
      const fetch = revocationFetch({
        lookup: (_, __, done) => done(null, [{ address, family: address.includes(':') ? 6 : 4 }]),
      });
      await expect(fetch('http://ocsp.test/')).rejects.toMatchObject({ code });
    },
  );

  test('a name with one good and one bad address is refused; private addresses by option', async () => {
    const resolveTo =
      (...list: string[]) =>
      (_: string, __: unknown, done: (error: null, found: { address: string; family: number }[]) => void): void =>
        done(
          null,
          list.map((address) => ({ address, family: 4 })),
        );
    await expect(
      revocationFetch({ lookup: resolveTo('192.0.2.1', '127.0.0.1') })('http://a.test/'),
    ).rejects.toMatchObject({ code });
    const strict = revocationFetch({ addresses: { private: false }, lookup: resolveTo('10.0.0.1') });
    await expect(strict('http://a.test/')).rejects.toMatchObject({ code });
  });

  test('a name is resolved once for a connection: rebinding finds no second look-up', async () => {
    const server = createServer((_, response) => response.end('reached')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    let lookups = 0;
    const fetch = revocationFetch({
      addresses,
      lookup: (_, __, done) => {
        lookups++;
        done(null, [{ address: lookups === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
      },
    });
    const response = await fetch(`http://rebinding.test:${port}/`);
    expect(await new Response(response.body).text()).toBe('reached');
    expect(lookups).toBe(1);
    await expect(fetch(`http://rebinding.test:${port}/`)).rejects.toMatchObject({ code });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('R15 https, where the caller allows it', async () => {
  const server = await (await createAuthority()).issueLeaf({ extensions: () => [subjectAltName(['localhost'])] });

  test('is connected to, with the address checked and the server verified', async () => {
    let handshakes = 0;
    const listener = createTlsServer({ key: server.privateKeyPem, cert: server.pem }, (_, response) =>
      response.end('no'),
    );
    listener.on('tlsClientError', () => handshakes++).on('secureConnection', () => handshakes++);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${(listener.address() as AddressInfo).port}/`;
    await expect(revocationFetch({ addresses })(url)).rejects.toMatchObject({ code });
    await expect(revocationFetch({ https: true })(url)).rejects.toMatchObject({ code });
    expect(handshakes).toBe(0);
    // Nobody vouches for this server.
    await expect(revocationFetch({ addresses, https: true })(url)).rejects.toMatchObject({
      code: expect.stringMatching(/CERT|SELF_SIGNED|ISSUER/),
    });
    await expect.poll(() => handshakes, { timeout: 60_000 }).toBeGreaterThan(0);
    await new Promise((resolve) => listener.close(resolve));
  });
});

describe('over sockets', () => {
  let listener: Listener;
  let stop: () => Promise<void>;
  let setup: Awaited<ReturnType<typeof start>>;

  async function start() {
    const authority = await createAuthority({ intermediates: 0 });
    const services = createAuthorityServices(authority, { now: () => now });
    const listening = await services.listen();
    const { url } = listening;
    const leaf = await authority.issueLeaf({ ocspUrls: [services.ocspUrl(url)], crlUrls: [services.crlUrl(url)] });
    return { listening, services, leaf };
  }

  beforeAll(async () => {
    setup = await start();
    listener = setup.listening;
    stop = () => listener.close();
  });
  afterAll(() => stop());

  const check = async (options = {}): Promise<string | undefined> => {
    const checker = createRevocationChecker({ fetch: revocationFetch({ addresses }), addresses, ...options });
    return (await checker.check(chainOf(setup.leaf), { now }))[0]?.status;
  };

  test('OCSP and CRL are asked on loopback when it is allowed, and not otherwise', async () => {
    setup.services.misbehave();
    expect(await check()).toBe('good');
    expect(await check({ addresses: {} })).toBe('unavailable');
    expect(await check({ fetch: revocationFetch() })).toBe('unavailable');
  });

  test.each([
    ['a cut body', faults.cutBodyAfter(20)],
    ['a reset', faults.cut()],
    ['a stall', faults.stallBodyAfter(20)],
  ])('%s of both is unavailable', async (_, transport) => {
    setup.services.misbehave({ ocsp: { transport }, crl: { transport } });
    expect(await check({ ocspTimeoutMs: 200, crlTimeoutMs: 200 })).toBe('unavailable');
  });

  describe('R16 redirects', () => {
    const ocsp = { transport: faults.status({ status: 404 }) };

    test('two hops are followed, a third and a loop are not', async () => {
      const crlUrl = setup.services.crlUrl(listener.url);
      const hop = faults.redirect(crlUrl);
      setup.services.misbehave({ ocsp, crl: { transport: faults.inTurn(hop, hop, undefined) } });
      expect(await check()).toBe('good');
      setup.services.misbehave({ ocsp, crl: { transport: faults.inTurn(hop, hop, hop, undefined) } });
      expect(await check()).toBe('unavailable');
      setup.services.misbehave({ ocsp, crl: { transport: faults.redirect(crlUrl) } });
      expect(await check()).toBe('unavailable');
    });

    test.each([
      'http://169.254.169.254/',
      'https://ca.test/a.crl',
      'file:///etc/passwd',
      'http://[',
      'http://a:b@ca.test/',
    ])('to %s is not followed', async (location) => {
      setup.services.misbehave({ ocsp, crl: { transport: faults.redirect(location) } });
      expect(await check()).toBe('unavailable');
    });
  });
});
