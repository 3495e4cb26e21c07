import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistry } from '@notarykit/registry-client';
import { dockerCredentials, publicLookup } from '@notarykit/registry-client/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bypassesProxy } from '../../../packages/transport/src/no-proxy.js';
import { account, basicAuth, quick, readAll, seed, serve, startProxy, tlsSetup } from './support.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connections-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('TLS', () => {
  it('a private authority, a client certificate', async () => {
    const { ca, server, client } = await tlsSetup();
    const tls = { key: server.privateKeyPem, cert: server.pem };
    const open = await serve({}, { tls, name: 'localhost' });
    const strict = await serve({}, { tls: { ...tls, clientAuthority: ca }, name: 'localhost' });
    for (const served of [open, strict]) await seed(served);
    const resolve = (registry: string, connection: object) =>
      createRegistry({ registry, plainHttp: false, ...quick, connection })
        .repository('net-monitor')
        .resolve('v1');
    await expect(resolve(open.host, {})).rejects.toMatchObject({
      code: 'ERR_REGISTRY_UNAVAILABLE',
      detail: { retryable: false },
    });
    expect((await resolve(open.host, { ca })).size).toBeGreaterThan(0);
    await expect(resolve(strict.host, { ca })).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_REGISTRY_/) });
    const identity = { ca, clientCertificate: { cert: client.pem, key: client.privateKeyPem } };
    expect((await resolve(strict.host, identity)).size).toBeGreaterThan(0);
    // Another name by a fixed address, the certificate checked against the name it is for.
    const port = strict.host.split(':')[1];
    const other = { ...identity, resolve: { 'registry.internal': '127.0.0.1' }, servername: 'localhost' };
    expect((await resolve(`registry.internal:${port}`, other)).size).toBeGreaterThan(0);
  });
});

describe('H16 proxies', () => {
  it('H16 http and https go through the proxy that was named, and NO_PROXY past it', async () => {
    const proxy = await startProxy();
    try {
      const { ca, server } = await tlsSetup();
      const plain = await serve({ auth: basicAuth });
      const secure = await serve({}, { tls: { key: server.privateKeyPem, cert: server.pem }, name: 'localhost' });
      const { blob, bytes } = await seed(plain);
      await seed(secure);
      const through = { proxy: proxy.url };
      const repository = plain.client({ credentials: account, connection: through }).repository('net-monitor');
      expect((await readAll(repository, blob)).length).toBe(bytes.length);
      expect(proxy.seen.every((line) => line.startsWith(`GET ${plain.url}/v2/`))).toBe(true);
      proxy.seen.length = 0;
      const tunnelled = secure.client({ plainHttp: false, connection: { ...through, ca } });
      expect((await tunnelled.repository('net-monitor').resolve('v1')).size).toBeGreaterThan(0);
      expect(proxy.seen).toEqual([`CONNECT ${secure.host}`]);
      proxy.seen.length = 0;
      const past = plain.client({ credentials: account, connection: { ...through, noProxy: ['127.0.0.0/8'] } });
      await past.repository('net-monitor').resolve('v1');
      const refused = plain.client({
        connection: { proxy: proxy.url.replace('pass', 'wrong') },
        retry: { maxRetries: 0 },
      });
      await expect(refused.ping()).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_REGISTRY_/) });
      expect(proxy.seen.length).toBe(1);
      // The registry never saw what the proxy asked for.
      for (const { headers } of plain.registry.requests) expect(headers['proxy-authorization']).toBeUndefined();
    } finally {
      await proxy.close();
    }
  });

  it.each([
    ['http://a.example.com', 'example.com', true],
    ['http://a.example.com', '.example.com', true],
    ['http://badexample.com', 'example.com', false],
    ['http://example.com:8080', 'example.com:8080', true],
    ['http://example.com', 'example.com:8080', false],
    ['http://10.1.2.3', '10.0.0.0/8', true],
    ['http://[::ffff:10.1.2.3]', '10.0.0.0/8', true],
    ['http://[::ffff:127.0.0.1]', '127.0.0.1', true],
    ['http://[::1]:5000', '[::1]:5000', true],
    ['http://11.1.2.3', '10.0.0.0/8', false],
    ['http://anything', '*', true],
  ])('H16 %s with NO_PROXY=%s: past the proxy %s', (url, entry, expected) => {
    expect(bypassesProxy(new URL(url), [entry])).toBe(expected);
  });

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::1]',
  ])('a lookup that refuses addresses also checks %s, which needs no resolution', async (literal) => {
    const served = await serve();
    const asked: string[] = [];
    const lookup: typeof publicLookup = (hostname, options, callback) => {
      asked.push(hostname);
      publicLookup(hostname, options, callback);
    };
    const registry = served.host.replace('127.0.0.1', literal);
    const client = createRegistry({
      registry,
      plainHttp: true,
      ...quick,
      retry: { maxRetries: 0 },
      connection: { lookup },
    });
    await expect(client.ping()).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAVAILABLE' });
    expect(served.registry.requests).toEqual([]);
    expect(asked).toEqual([expect.stringMatching(/^(127\.0\.0\.1|::ffff:7f00:1|::1)$/)]);
  });

  it('connects to an address that the lookup allows', async () => {
    const served = await serve();
    const lookup = ((_hostname, _options, callback) => callback(null, '127.0.0.1', 4)) as typeof publicLookup;
    const client = createRegistry({ registry: served.host, ...quick, connection: { lookup } });
    await client.ping();
    expect(served.registry.requests.length).toBeGreaterThan(0);
  });

  it('a look-up that refuses private addresses', async () => {
    const served = await serve();
    const client = createRegistry({
      registry: served.host.replace('127.0.0.1', 'localhost'),
      ...quick,
      retry: { maxRetries: 0 },
      connection: { lookup: publicLookup },
    });
    await expect(client.ping()).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAVAILABLE' });
    expect(served.registry.requests).toEqual([]);
  });
});

/** Puts a helper script on its own search path. */
async function helper(name: string, script: string): Promise<Record<string, string>> {
  const path = join(folder, `docker-credential-${name}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return { PATH: `${folder}:${process.env['PATH']}`, HOME: folder, DOCKER_CONFIG: folder, XDG_RUNTIME_DIR: folder };
}

const config = (content: unknown): Promise<void> => writeFile(join(folder, 'config.json'), JSON.stringify(content));
const ask = (env: Record<string, string>, registry: string, more: object = {}) =>
  dockerCredentials({ env, helperTimeoutMs: 60_000, ...more }).get({ registry });

describe('H17 credential helpers', () => {
  it('H17 the protocol: account, identity token, none, and entries below a store', async () => {
    const env = await helper(
      'store',
      `read -r host
case "$host" in
  one.example) echo '{"ServerURL":"one.example","Username":"wabbit","Secret":"carrot"}' ;;
  two.example) echo '{"ServerURL":"two.example","Username":"<token>","Secret":"identity"}' ;;
  "https://index.docker.io/v1/") echo '{"ServerURL":"hub","Username":"hub","Secret":"hub-secret"}' ;;
  *) echo 'credentials not found in native keychain'; exit 1 ;;
esac`,
    );
    await config({
      credsStore: 'store',
      auths: { 'three.example': { auth: Buffer.from('by:hand').toString('base64') } },
    });
    expect(await ask(env, 'one.example')).toEqual({ username: 'wabbit', password: 'carrot' });
    expect(await ask(env, 'two.example')).toEqual({ refreshToken: 'identity' });
    expect(await ask(env, 'docker.io')).toEqual({ username: 'hub', password: 'hub-secret' });
    expect(await ask(env, 'three.example')).toEqual({ username: 'by', password: 'hand' });
    expect(await ask(env, 'four.example')).toBeUndefined();
  });

  it.each<[string, string, object?]>([
    ['endless output', 'yes secret-of-the-helper'],
    ['a hang', 'sleep 600', { helperTimeoutMs: 500 }],
    ['an error with a secret on both streams', 'echo secret-of-the-helper; echo secret-of-the-helper >&2; exit 1'],
    ['no JSON', 'echo secret-of-the-helper'],
    ['another shape', 'echo \'{"Secret":1,"Username":"secret-of-the-helper"}\''],
  ])('H17 %s ends in its code and is not repeated', async (_, script, more = {}) => {
    const env = await helper('bad', script);
    await config({ credHelpers: { 'reg.example': 'bad' } });
    const error = await ask(env, 'reg.example', more).catch((cause: unknown) => cause as Error);
    expect(error).toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 9 })).not.toContain('secret-of-the-helper');
  });

  it.each([
    ['echo "error: the keychain is locked: secret-of-the-helper" >&2; exit 1', 'the store is locked'],
    ['echo "Your SSO session has expired (secret-of-the-helper)"; exit 1', 'the login has expired'],
    ['echo "gpg: decryption failed: No secret key" >&2; exit 2', 'the password store cannot be decrypted'],
    ['echo "dial tcp: lookup sts.test: no such host" >&2; exit 1', 'its service cannot be reached'],
    ['echo secret-of-the-helper >&2; exit 3', 'run it by hand'],
  ])('H17 %s: reports the kind of failure without the output of the helper', async (script, why) => {
    const env = await helper('telling', script);
    await config({ credHelpers: { 'reg.example': 'telling' } });
    const error = await ask(env, 'reg.example').catch((cause: unknown) => cause as Error);
    expect(error).toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED', message: expect.stringContaining(why) });
    expect((error as Error).message).not.toContain('secret-of-the-helper');
  });

  it.each<[object, string]>([
    [{ auths: { 'reg.example': { auht: 'YTpi' } } }, '"auth"'],
    [{ auths: { 'reg.example': { identity_token: 'x' } } }, '"identitytoken"'],
    [{ auths: { 'reg.example': { username: '', pasword: 'secret-of-mine' } } }, '"password"'],
    [{ auth: { 'reg.example': { auth: 'YTpi' } } }, '"auths"'],
    [{ credHelper: { 'reg.example': 'x' } }, '"credHelpers"'],
    [{ credStore: 'x' }, '"credsStore"'],
  ])('H17 %j: what was probably meant is named', async (content, meant) => {
    await config(content);
    const error = await ask({ DOCKER_CONFIG: folder, HOME: folder }, 'reg.example').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED', message: expect.stringContaining(meant) });
    expect((error as Error).message).not.toContain('secret-of-mine');
  });

  it('H17 ignores members of other programs', async () => {
    const others = { HttpHeaders: {}, psFormat: 'x', aliases: {}, plugins: {}, experimental: 'enabled', proxies: {} };
    await config({ ...others, auths: { 'reg.example': {}, 'other.example': { email: 'a@b.c' } } });
    for (const registry of ['reg.example', 'other.example', 'third.example'])
      expect(await ask({ DOCKER_CONFIG: folder, HOME: folder }, registry)).toBeUndefined();
  });

  it.each(['../evil', 'a/b', '', '.', '..', 'a b', '-x'])('H17 the helper name "%s" starts nothing', async (name) => {
    const env = await helper('x', 'touch started');
    await config({ credHelpers: { 'reg.example': name } });
    const found = await ask(env, 'reg.example').catch((error: unknown) => (error as { code: string }).code);
    expect(found).toBe(name === '' ? undefined : 'ERR_REGISTRY_UNAUTHORIZED');
  });
});

describe('H18 docker and podman files', () => {
  it('H18 a host is matched whole; files are bounded; a link is read', async () => {
    const env = await helper('x', 'exit 1');
    const auth = Buffer.from('wabbit:carrot').toString('base64');
    await config({ auths: { 'reg.example.com': { auth }, 'reg.example': { auth } } });
    expect(await ask(env, 'reg.example.com.evil')).toBeUndefined();
    expect(await ask(env, 'reg.exampl')).toBeUndefined();
    expect(await ask(env, 'reg.example')).toEqual({ username: 'wabbit', password: 'carrot' });
    await rm(join(folder, 'config.json'));
    await writeFile(join(folder, 'real.json'), JSON.stringify({ auths: { 'reg.example': { auth } } }));
    await symlink(join(folder, 'real.json'), join(folder, 'config.json'));
    expect(await ask(env, 'reg.example')).toEqual({ username: 'wabbit', password: 'carrot' });
    await writeFile(join(folder, 'real.json'), `{"auths":{}}${' '.repeat(1024 * 1024)}`);
    await expect(ask(env, 'reg.example')).rejects.toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    await writeFile(join(folder, 'real.json'), `{"auths":{"reg.example":{"auth":"${auth}"}}}\u0000`);
    const error = await ask(env, 'reg.example').catch((cause: unknown) => cause as Error);
    expect(error).toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    expect(String((error as Error).message)).not.toContain(auth);
  });

  it('DOCKER_AUTH_CONFIG first, podman last, the longest namespace', async () => {
    const env = await helper('x', 'exit 1');
    const auth = (user: string): object => ({ auth: Buffer.from(`${user}:p`).toString('base64') });
    await mkdir(join(folder, 'containers'));
    const podman = {
      auths: { 'p.example': auth('host'), 'p.example/ns': auth('namespace'), 'p.example/ns/app': auth('app') },
    };
    await writeFile(join(folder, 'containers', 'auth.json'), JSON.stringify(podman));
    const inline = { ...env, DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { 'i.example': auth('inline') } }) };
    expect(await ask(inline, 'i.example')).toMatchObject({ username: 'inline' });
    expect(await ask(inline, 'p.example')).toMatchObject({ username: 'host' });
    expect(await ask(env, 'p.example', { repository: 'ns/app/x' })).toMatchObject({ username: 'app' });
    expect(await ask(env, 'p.example', { repository: 'ns/other' })).toMatchObject({ username: 'namespace' });
  });
});
