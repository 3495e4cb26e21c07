import { createRevocationChecker } from '@notarykit/pki';
import { revocationFetch } from '@notarykit/pki/node';
import { createAuthority, createAuthorityServices } from '@notarykit/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type ProxyScript, type ScriptedProxy, startScriptedProxy } from '../../support/scripted-proxy.js';
import { chainOf, now } from './revocation-lab.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** An authority whose services are reached through a proxy alone. */
async function startLab(script: ProxyScript = {}, place = 'http://pki.test') {
  const authority = await createAuthority({ intermediates: 0 });
  const services = createAuthorityServices(authority, { now: () => now });
  const listener = await services.listen();
  const proxy = await startScriptedProxy({ routes: { 'pki.test:80': Number(new URL(listener.url).port) }, ...script });
  closing.push(
    () => proxy.close(),
    () => listener.close(),
  );
  const urls = { ocspUrls: [services.ocspUrl(place)], crlUrls: [services.crlUrl(place)] };
  return { authority, services, proxy, leaf: await authority.issueLeaf(urls) };
}

type Lab = Awaited<ReturnType<typeof startLab>>;

async function statusOf({ proxy, leaf }: Lab, options = {}): Promise<string | undefined> {
  const fetch = revocationFetch({ proxy: proxy.url, ...options });
  const checker = createRevocationChecker({ fetch, ocspTimeoutMs: 20_000, crlTimeoutMs: 20_000 });
  const [first] = await checker.check(chainOf(leaf), { now });
  return first?.status;
}

const methods = ({ asked }: ScriptedProxy): readonly string[] =>
  asked.map((line) => line.replace(/^(\S+ \S{20}).*/, '$1'));

describe('revocation behind a proxy', () => {
  it('good is good, revoked is revoked, by OCSP and by CRL', async () => {
    const lab = await startLab();
    expect(await statusOf(lab)).toBe('good');
    expect(methods(lab.proxy)).toEqual(['GET http://pki.test/ocsp']);
    lab.services.revoke(lab.leaf);
    expect(await statusOf(lab)).toBe('revoked');
  });

  it.each([
    ['a page', (text: string) => text],
    ['nothing', () => ''],
  ])('revocation-proxy a proxy that answers %s itself: status unavailable', async (_, say) => {
    const lab = await startLab({ answer: (__, outgoing) => outgoing.end(say('<html>Sign in to go on</html>')) });
    expect(await statusOf(lab)).toBe('unavailable');
  });

  it('revocation-proxy an answer that another authority signed is not one', async () => {
    const stranger = createAuthorityServices(await createAuthority({ intermediates: 0 }), { now: () => now });
    const listener = await stranger.listen();
    closing.push(() => listener.close());
    const lab = await startLab({ routes: { 'pki.test:80': Number(new URL(listener.url).port) } });
    expect(await statusOf(lab)).toBe('unavailable');
  });

  it.each(['http://169.254.169.254/', 'http://localhost/', 'http://127.1/', 'http://metadata.google.internal/'])(
    'revocation-proxy a redirect to %s is not followed, also not through the proxy',
    async (location) => {
      const lab = await startLab({ answer: (_, outgoing) => outgoing.writeHead(302, { location }).end() });
      expect(await statusOf(lab)).toBe('unavailable');
      expect(lab.proxy.asked.every((line) => line.includes(' http://pki.test/'))).toBe(true);
    },
  );

  it.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://[::ffff:127.0.0.1]',
    'http://metadata.google.internal',
    'http://ip6-localhost',
    'http://localhost.localdomain',
  ])('revocation-proxy a certificate that names %s makes no request', async (place) => {
    const lab = await startLab({ answer: (_, outgoing) => outgoing.end('reached') }, place);
    expect(await statusOf(lab)).toBe('unavailable');
    expect(lab.proxy.asked).toEqual([]);
  });

  it('revocation-proxy a private network by the name of a certificate, where that is refused', async () => {
    const lab = await startLab({}, 'http://pki.wabbit.internal');
    const fetch = revocationFetch({ proxy: lab.proxy.url, addresses: { private: false } });
    const checker = createRevocationChecker({ fetch, addresses: { private: false } });
    expect((await checker.check(chainOf(lab.leaf), { now }))[0]?.status).toBe('unavailable');
    expect(lab.proxy.asked).toEqual([]);
  });

  it('revocation-proxy requests only the hosts in onlyHosts', async () => {
    const lab = await startLab();
    expect(await statusOf(lab, { onlyHosts: ['pki.test'] })).toBe('good');
    const asked = lab.proxy.asked.length;
    expect(await statusOf(lab, { onlyHosts: ['pki.wabbit.internal'] })).toBe('unavailable');
    expect(lab.proxy.asked).toHaveLength(asked);
  });

  it('a proxy that requires another account: status unavailable', async () => {
    const lab = await startLab({ answer: (_, outgoing) => outgoing.writeHead(407).end() });
    expect(await statusOf(lab)).toBe('unavailable');
  });
});
