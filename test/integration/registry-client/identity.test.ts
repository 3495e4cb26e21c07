import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createRegistry } from '@notarykit/registry-client';
import { faults } from '@notarykit/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { account, quick, readAll, type Served, seed, serve, startProxy, tlsSetup } from './support.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

let setup: Awaited<ReturnType<typeof tlsSetup>>;
beforeAll(async () => {
  setup = await tlsSetup();
});

/** A server that takes a client certificate from everybody who shows one, and answers all with the same bytes. */
async function startStranger(body: Uint8Array | string): Promise<{ host: string; shown: boolean[] }> {
  const { ca, server } = setup;
  const shown: boolean[] = [];
  const tls = { key: server.privateKeyPem, cert: server.pem, ca, requestCert: true, rejectUnauthorized: false };
  const stranger = createServer(tls, ({ socket }, response) => {
    shown.push(Object.keys((socket as TLSSocket).getPeerCertificate()).length > 0);
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      .end(body);
  });
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  closing.push(() => {
    stranger.close();
    stranger.closeAllConnections();
  });
  return { host: `localhost:${(stranger.address() as AddressInfo).port}`, shown };
}

/** A registry that lets in only who shows a certificate. */
async function serveStrict(): Promise<
  Served & { open(more?: { readonly hosts?: readonly string[] } & object): ReturnType<typeof createRegistry> }
> {
  const { ca, server, client } = setup;
  const served = await serve(
    {},
    { tls: { key: server.privateKeyPem, cert: server.pem, clientAuthority: ca }, name: 'localhost' },
  );
  const clientCertificate = { cert: client.pem, key: client.privateKeyPem };
  const open = ({ hosts = [], ...more }: { readonly hosts?: readonly string[] } & object = {}) =>
    createRegistry({
      registry: served.host,
      plainHttp: false,
      credentials: account,
      ...quick,
      connection: { ca, clientCertificate: { ...clientCertificate, hosts }, ...more },
    });
  return { ...served, open };
}

describe('H1 the client certificate', () => {
  it('H1 accepts its earlier option names, but not one of them alone or both forms together', async () => {
    const strict = await serveStrict();
    const { ca, client } = setup;
    const old = { cert: client.pem, key: client.privateKeyPem };
    const named = { cert: client.pem, key: client.privateKeyPem, hosts: [] };
    const open = (connection: object) =>
      createRegistry({
        registry: strict.host,
        plainHttp: false,
        credentials: account,
        ...quick,
        connection: { ca, ...connection },
      });
    const { blob, bytes } = await seed(strict);
    expect(await readAll(open(old).repository('net-monitor'), blob)).toEqual(bytes);
    for (const wrong of [{ cert: client.pem }, { key: client.privateKeyPem }, { ...old, clientCertificate: named }])
      expect(() => open(wrong)).toThrow(expect.objectContaining({ code: 'ERR_REGISTRY_CONFIGURATION' }));
  });

  it.each([
    ['nobody else', false, false],
    ['a listed host', false, true],
    ['nobody else, through a proxy', true, false],
    ['a listed host, through a proxy', true, true],
  ])('H1 is shown to the registry, and to %s', async (_, proxied, listed) => {
    const strict = await serveStrict();
    const { blob, bytes } = await seed(strict);
    const storage = await startStranger(bytes);
    const tokens = await startStranger('{"token":"t"}');
    strict.registry.rule({ method: 'GET', route: 'blob', action: faults.redirect(`https://${storage.host}/blob`) });
    const challenge = `Bearer realm="https://${tokens.host}/token",service="x"`;
    strict.registry.rule({
      method: 'GET',
      route: 'manifest',
      when: ({ headers }) => !headers.has('authorization'),
      action: faults.status({ status: 401, code: 'UNAUTHORIZED', headers: { 'WWW-Authenticate': challenge } }),
    });
    const proxy = await startProxy();
    closing.push(() => proxy.close());
    const hosts = listed ? [storage.host, tokens.host] : ['localhost:1'];
    const repository = strict.open({ hosts, ...(proxied ? { proxy: proxy.url } : {}) }).repository('net-monitor');
    expect((await readAll(repository, blob)).length).toBe(bytes.length);
    expect((await repository.resolve('v1')).size).toBeGreaterThan(0);
    expect(storage.shown).toEqual([listed]);
    expect(tokens.shown).toEqual([listed]);
    expect(proxy.seen.length > 0).toBe(proxied);
  });

  it('H1 checks the server name of the registry, not of a redirect target', async () => {
    const strict = await serveStrict();
    const { blob, bytes } = await seed(strict);
    const storage = await startStranger(bytes);
    const at = storage.host.replace('localhost', 'storage.internal');
    strict.registry.rule({ method: 'GET', route: 'blob', action: faults.redirect(`https://${at}/blob`) });
    const more = { servername: 'localhost', resolve: { 'storage.internal': '127.0.0.1' } };
    await expect(readAll(strict.open(more).repository('net-monitor'), blob)).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_REGISTRY_/),
    });
    expect(storage.shown).toEqual([]);
  });
});
