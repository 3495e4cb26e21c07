import { mediaTypes } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { faults, type Rule } from '@notarykit/testing';
import { expect } from 'vitest';
import { listAll, seed, serve } from '../../integration/registry-client/support.ts';
import { connectProxy } from './proxy.ts';
import { indexOf, on, type Players } from './setup.ts';
import { clientCertificate, serverCertificate } from './tls.ts';

/** The tags that a client lists, one page of two at a time, under a rule. */
async function tags(names: readonly string[], rule?: Rule, tagsPageSize = 2) {
  const served = await serve({ tagsPageSize });
  const { bytes } = indexOf([]);
  await served.registry.seed('net-monitor', { manifests: [{ bytes, mediaType: mediaTypes.imageIndex, tags: names }] });
  if (rule !== undefined) served.registry.rule({ route: 'tags', ...rule });
  return { served, found: await listAll(served.client().repository('net-monitor').tags()) };
}

async function deletes(rule: Rule, code: string): Promise<void> {
  const served = await serve();
  const { manifest } = await seed(served);
  served.registry.rule({ method: 'DELETE', ...rule });
  const repository = served.client().repository('net-monitor');
  await expect(repository.delete(manifest)).rejects.toMatchObject({ code });
}

const names = ['a', 'b', 'c', 'd', 'e'];
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

export const misc: Players = {
  'tag-list-empty': async () => {
    const body = json({ name: 'a', tags: null });
    expect((await tags([], { action: faults.status({ status: 200, body }) })).found).toEqual([]);
  },
  'tag-list-n': async () => {
    const { served, found } = await tags(names);
    expect(found).toEqual(names);
    expect(on(served.registry, 'tags')).toHaveLength(3);
  },
  'tag-list-no-link': async () => {
    const { served, found } = await tags(names, undefined, 100);
    expect(found).toEqual(names);
    expect(on(served.registry, 'tags')).toHaveLength(1);
  },
  'tag-list-dup': async () => {
    const page = (list: readonly string[], link = {}) =>
      faults.status({ status: 200, body: json({ name: 'net-monitor', tags: list }), headers: link });
    const link = { Link: '</v2/net-monitor/tags/list?n=2&last=b>; rel="next"' };
    expect((await tags([], { action: faults.inTurn(page(['a', 'b'], link), page(['b', 'c'])) })).found).toEqual([
      'a',
      'b',
      'c',
    ]);
  },
  'delete-405': () =>
    deletes({ action: faults.status({ status: 405, code: 'UNSUPPORTED' }) }, 'ERR_REGISTRY_UNSUPPORTED'),
  'delete-404': () =>
    deletes({ action: faults.status({ status: 404, code: 'MANIFEST_UNKNOWN' }) }, 'ERR_OCI_NOT_FOUND'),
  'warning-header': async () => {
    const served = await serve();
    await seed(served);
    served.registry.rule({
      action: faults.change((answer) => {
        const warning = ['Warning', '299 - "the registry closes on Friday"'] as const;
        return { ...answer, headers: [...answer.headers, warning, warning] };
      }),
    });
    const warnings: string[] = [];
    const repository = served.client({ onWarning: (text) => warnings.push(text) }).repository('net-monitor');
    await repository.resolve('v1');
    await repository.resolve('v1');
    expect(warnings).toEqual(['the registry closes on Friday']);
  },
  'proxy-connect': async () => {
    const tls = await serverCertificate();
    const served = await serve({}, { tls });
    await seed(served);
    const proxy = await connectProxy('user:secret');
    try {
      const connect = (noProxy: readonly string[], url = proxy.url) =>
        served
          .client({ plainHttp: false, connection: { ca: tls.authority, proxy: url, noProxy } })
          .repository('net-monitor');
      await connect([]).resolve('v1');
      expect(proxy.asked).toEqual([served.host]);
      await connect(['127.0.0.0/8']).resolve('v1');
      expect(proxy.asked).toHaveLength(1);
      const stranger = connect([], proxy.url.replace('secret', 'wrong')).resolve('v1');
      await expect(stranger).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_REGISTRY_/) });
    } finally {
      await proxy.close();
    }
  },
  'custom-ca': async () => {
    const tls = await serverCertificate();
    const served = await serve({}, { tls });
    await seed(served);
    await served
      .client({ plainHttp: false, connection: { ca: tls.authority } })
      .repository('net-monitor')
      .resolve('v1');
    const without = served.client({ plainHttp: false }).repository('net-monitor').resolve('v1');
    await expect(without).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAVAILABLE' });
  },
  'client-cert': async () => {
    const tls = await serverCertificate();
    const client = await clientCertificate();
    const served = await serve({}, { tls: { ...tls, clientAuthority: client.authority } });
    await seed(served);
    const connection = { ca: tls.authority, clientCertificate: { cert: client.cert, key: client.key } };
    await served.client({ plainHttp: false, connection }).repository('net-monitor').resolve('v1');
    const without = served.client({ plainHttp: false, connection: { ca: tls.authority } });
    const refused = without.repository('net-monitor').resolve('v1');
    await expect(refused).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_REGISTRY_/) });
    expect(served.registry.requests.every((one) => one.status === 200)).toBe(true);
  },
  'plain-http': async () => {
    const seen: string[] = [];
    const fetch = async (url: string) => {
      seen.push(url);
      return Object.defineProperty(new Response(null, { status: 404 }), 'url', { value: url });
    };
    const ask = (plainHttp?: boolean) =>
      createRegistry({ registry: 'registry.example', fetch, ...(plainHttp === undefined ? {} : { plainHttp }) })
        .repository('net-monitor')
        .resolve('v1');
    await expect(ask()).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    expect(seen.every((url) => url.startsWith('https://'))).toBe(true);
    await expect(ask(true)).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    expect(seen.at(-1)).toMatch(/^http:\/\//);
  },
};
