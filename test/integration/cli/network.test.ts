import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { createRegistry } from '@notarykit/registry-client';
import { type Authority, createAuthority, createAuthorityServices, createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bundle, bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';
import { type ScriptedProxy, startScriptedProxy } from '../../support/scripted-proxy.js';
import { issueTlsCertificate } from '../../support/tls-certificate.js';
import { writeNotationFiles } from './notation-files.js';

const place = 'http://pki.wabbit.test';
let tool: Bundle;
let desk: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  [tool, desk] = await Promise.all([bundle('packages/cli/src/notarykit.ts'), setUp()]);
});
afterAll(() => Promise.all([tool.remove(), desk.close()]));

/** A company's authority with its services behind a proxy, its registry with TLS, and notation's files of a user. */
async function setUp() {
  const authority = await createAuthority();
  const services = createAuthorityServices(authority);
  const { url } = await services.listen();
  const proxy = await startScriptedProxy({ routes: { 'pki.wabbit.test:80': Number(new URL(url).port) } });
  const code = await authority.issueLeaf({ ocspUrls: [services.ocspUrl(place)] });
  const inside = await authority.issueLeaf({ ocspUrls: ['http://metadata.google.internal/ocsp'] });
  const registry = await startRegistry(authority);
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-network-'));
  await writeNotationFiles(folder, authority.root.pem, {
    'release.tgz': 'release',
    'root.pem': authority.root.pem,
    'key.pem': code.privateKeyPem,
    'chain.pem': code.pem,
    'inside-key.pem': inside.privateKeyPem,
    'inside-chain.pem': inside.pem,
  });
  const close = async (): Promise<void> => {
    await Promise.all([proxy.close(), services.close(), registry.close(), rm(folder, { recursive: true })]);
  };
  return { proxy, services, code, folder, registry, close };
}

async function startRegistry(authority: Authority) {
  const server = await issueTlsCertificate(authority, ['registry.wabbit.test', 'localhost']);
  const registry = createEmbeddedRegistry();
  const { port } = await registry.listen({ tls: { key: server.privateKeyPem, cert: server.pem } });
  const connection = { ca: authority.root.pem };
  const repository = createRegistry({ registry: `localhost:${port}`, plainHttp: false, connection }).repository('a');
  await packArtifact(repository, { artifactType: 'a/b', tags: ['v1'] });
  return { port, close: () => registry.close() };
}

/** As in a network whose proxy is the only way out. */
function run(words: readonly string[], { url }: ScriptedProxy = desk.proxy) {
  const proxied = { HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url, NO_PROXY: '', no_proxy: '' };
  const notation = { NOTATION_CONFIG: join(desk.folder, 'notation'), NOTATION_CACHE: join(desk.folder, 'cache') };
  return runProgram(tool.path, words, { cwd: desk.folder, env: { ...notation, ...proxied, NO_COLOR: '1' } });
}

const signed = (key: string, chain: string): readonly string[] => [
  ...['blob', 'sign', '--force', '--key-file', key, '--certificate-file', chain],
];

it('timestamps and revocation go through the proxy of the environment', async () => {
  const timestamp = ['--timestamp-url', desk.services.timestampUrl(place), '--timestamp-root-cert', 'root.pem'];
  expect(await run([...signed('key.pem', 'chain.pem'), ...timestamp, 'release.tgz'])).toMatchObject({ code: 0 });
  expect(desk.proxy.asked).toEqual([`POST ${desk.services.timestampUrl(place)}`]);
  desk.proxy.asked.length = 0;
  const verify = ['blob', 'verify', '--signature', 'release.tgz.jws.sig', 'release.tgz'];
  expect(await run(verify)).toMatchObject({ code: 0 });
  expect(desk.proxy.asked).toEqual([expect.stringMatching(/^(GET|POST) http:\/\/pki\.wabbit\.test\//)]);
  desk.services.revoke(desk.code);
  const refused = await run(verify);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('revoked');
});

it('OCSP and CRL addresses of a certificate are checked before the proxy is asked', async () => {
  expect(await run([...signed('inside-key.pem', 'inside-chain.pem'), 'release.tgz'])).toMatchObject({ code: 0 });
  desk.proxy.asked.length = 0;
  const refused = await run(['blob', 'verify', '--signature', 'release.tgz.jws.sig', 'release.tgz']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('metadata.google.internal');
  expect(desk.proxy.asked).toEqual([]);
});

it('reaches a registry by its own authority and by a fixed address', async () => {
  const { port } = desk.registry;
  const list = ['list', `registry.wabbit.test:${port}/a:v1`];
  const proxy = await startScriptedProxy({ routes: { [`registry.wabbit.test:${port}`]: port } });
  expect(await run([...list, '--ca-file', 'root.pem'], proxy)).toMatchObject({ code: 0 });
  expect(proxy.asked).toContain(`CONNECT registry.wabbit.test:${port}`);
  expect(await run(list, proxy)).toMatchObject({ code: 3, stdout: '' });
  // Go programs send nothing of this machine to a proxy; here the proxy itself has the fixed address.
  const named = { ...proxy, url: `http://proxy.wabbit.test:${proxy.port}` };
  const resolve = ['--resolve', `proxy.wabbit.test:${proxy.port}:127.0.0.1`];
  expect(await run([...list, '--ca-file', 'root.pem', ...resolve], named)).toMatchObject({ code: 0 });
  await proxy.close();
});

it.each([
  ['list', '--oci-layout', '--ca-file', 'root.pem', 'layout:v1'],
  ['list', '--oci-layout', '--resolve', 'a.test:443:127.0.0.1', 'layout:v1'],
  ['verify', '--oci-layout', '--ca-file', 'root.pem', 'layout:v1'],
  ['blob', 'sign', '--ca-file', 'root.pem', 'release.tgz'],
  ['list', '--resolve', 'a.test:127.0.0.1', 'a.test/b:v1'],
  ['list', '--resolve', 'a.test:443:b.test', 'a.test/b:v1'],
])('what has no effect or no sense is refused: %s %s %s %s', async (...words) => {
  const { code, stderr } = await run(words);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/--(ca-file has no effect|resolve)/) });
});
