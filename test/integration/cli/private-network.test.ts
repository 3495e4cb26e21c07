import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { createRegistry } from '@notarykit/registry-client';
import { createAuthority, createAuthorityServices, createEmbeddedRegistry } from '@notarykit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runToolIn } from '../../support/abilities/command-line.js';
import { startScriptedProxy } from '../../support/scripted-proxy.js';
import { issueTlsCertificate } from '../../support/tls-certificate.js';

const place = 'http://pki.wabbit.test';
const host = 'registry.wabbit.test';
let company: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  company = await setUp();
});
afterAll(() => company.close());

/** A company whose registry wants to know who its clients are; registry, responder and timestamps are behind one proxy. */
async function setUp() {
  const authority = await createAuthority();
  const services = createAuthorityServices(authority);
  const { url } = await services.listen();
  const server = await issueTlsCertificate(authority, [host, 'localhost']);
  const client = await issueTlsCertificate(authority, ['build.wabbit.test'], 'clientAuth');
  const signer = await authority.issueLeaf({ ocspUrls: [services.ocspUrl(place)] });
  const registry = createEmbeddedRegistry();
  const tls = { key: server.privateKeyPem, cert: server.pem, clientAuthority: authority.root.pem };
  const { port } = await registry.listen({ tls });
  const routes = { 'pki.wabbit.test:80': Number(new URL(url).port), [`${host}:${port}`]: port };
  const proxy = await startScriptedProxy({ routes });
  const connection = {
    ca: authority.root.pem,
    clientCertificate: { cert: client.pem, key: client.privateKeyPem },
  };
  const repository = createRegistry({ registry: `localhost:${port}`, plainHttp: false, connection }).repository('a');
  await packArtifact(repository, { artifactType: 'a/b', tags: ['v1'] });
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-company-'));
  const store = join(folder, 'truststore/x509/ca/company');
  await mkdir(store, { recursive: true });
  await writeFile(join(store, 'root.pem'), authority.root.pem);
  const files = {
    'root.pem': authority.root.pem,
    'client.pem': client.pem,
    'client-key.pem': client.privateKeyPem,
    'key.pem': signer.privateKeyPem,
    'chain.pem': signer.pem,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o600 });
  const close = async (): Promise<void> => {
    await Promise.all([proxy.close(), services.close(), registry.close(), rm(folder, { recursive: true })]);
  };
  return { services, signer, proxy, folder, image: `${host}:${port}/a:v1`, close };
}

const document = {
  version: '1.0',
  trustPolicies: [
    {
      name: 'company',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict' },
      trustStores: ['ca:company'],
      trustedIdentities: ['*'],
    },
  ],
};

function run(...words: readonly string[]) {
  const { folder, proxy, image } = company;
  const network = ['--proxy', `http://127.0.0.1:${proxy.port}`, '--ca-file', join(folder, 'root.pem')];
  return runToolIn({ folder }, { document }, ...words, ...network, image);
}
const file = (name: string): string => join(company.folder, name);
const known = (prefix: string): readonly string[] => [
  ...[`--${prefix}cert-file`, file('client.pem'), `--${prefix}key-file`, file('client-key.pem')],
];

it('registry, timestamps and revocation are reached through one proxy, by the certificate of the client', async () => {
  const { services, signer, proxy, image } = company;
  const key = ['--key-file', file('key.pem'), '--certificate-file', file('chain.pem')];
  const timestamp = ['--timestamp-url', services.timestampUrl(place), '--timestamp-root-cert', file('root.pem')];
  expect(await run('sign', ...key, ...timestamp)).toMatchObject({ code: 3 });
  expect(await run('sign', ...key, ...timestamp, ...known('client-'))).toMatchObject({ code: 0 });
  expect(proxy.asked).toContain(`CONNECT ${image.replace(/\/.*/, '')}`);
  expect(proxy.asked).toContain(`POST ${services.timestampUrl(place)}`);
  proxy.asked.length = 0;
  expect(await run('verify', ...known(''))).toMatchObject({ code: 0 });
  expect(proxy.asked).toContainEqual(expect.stringMatching(/^(GET|POST) http:\/\/pki\.wabbit\.test\//));
  services.revoke(signer);
  const refused = await run('verify', ...known(''));
  expect(refused).toEqual({ code: 1, text: expect.stringContaining('revoked') });
});

it('a registry is examined by the certificate of the client, too', async () => {
  const { proxy, folder, image } = company;
  const network = ['--proxy', `http://127.0.0.1:${proxy.port}`, '--ca-file', join(folder, 'root.pem')];
  const registry = image.replace(/\/.*/, '');
  const { text } = await runToolIn(company, { document }, 'doctor', ...network, ...known(''), registry);
  expect(text).toContain(`network: ${registry} answers`);
});

it.each([
  [['sign', '--client-cert-file', 'client.pem'], 'belong together'],
  [['verify', '--proxy', 'proxy.test:3128'], 'expected a URL'],
  [['verify', '--proxy', 'socks5://proxy.test'], 'expected a URL'],
  [['verify', '--proxy', 'http://build:carrot@proxy.test:3128'], 'other users can see an account'],
])('what has no sense is refused, and no secret is repeated: %j', async (words, message) => {
  const { code, text } = await runToolIn(company, { document }, ...words, company.image);
  expect({ code, text }).toEqual({ code: 2, text: expect.stringContaining(message) });
  expect(text).not.toContain('carrot');
});
