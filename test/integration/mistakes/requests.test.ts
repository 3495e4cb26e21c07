import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { describe as describeContent, mediaTypes, parseReference } from '@notarykit/oci';
import { createHttpTimestamper, createRevocationChecker, parseCertificates } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { directoryTrustStore } from '@notarykit/trust-policy/node';
import { sign, signBlob, verify } from 'notarykit';
import { afterAll } from 'vitest';
import { tellMistakes } from './mistake.ts';

const lab = await createTrustLab({
  registry: { auth: { scheme: 'basic', accounts: [{ username: 'ci', password: 'correct horse' }] } },
});
const { host } = await lab.registry.listen();
const registry = (more: object = {}) =>
  createRegistry({ registry: host, credentials: { username: 'ci', password: 'correct horse' }, ...more });
const repository = registry().repository('net-monitor');
const config = utf8('{}');
await repository.push(describeContent(mediaTypes.empty, config), config);
const bytes = utf8(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.imageManifest,
    config: describeContent(mediaTypes.empty, config),
    layers: [],
  }),
);
const image = describeContent(mediaTypes.imageManifest, bytes);
await repository.push(image, bytes);
await repository.tag(image, 'v1');
await sign(repository, 'v1', { signer: lab.signer });
await repository.push(
  describeContent(mediaTypes.imageManifest, utf8(`${new TextDecoder().decode(bytes)} `)),
  utf8(`${new TextDecoder().decode(bytes)} `),
);
const unsigned = describeContent(mediaTypes.imageManifest, utf8(`${new TextDecoder().decode(bytes)} `));

/** A port on which nobody listens any more. */
async function freePort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
const dead = await freePort();

const folder = mkdtempSync(join(tmpdir(), 'notarykit-mistakes-'));
mkdirSync(join(folder, 'x509', 'ca', 'lab'), { recursive: true });
mkdirSync(join(folder, 'x509', 'ca', 'spoilt'), { recursive: true });
writeFileSync(join(folder, 'x509', 'ca', 'spoilt', 'notes.txt'), 'no certificate');

afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});

const statement = (members: object = {}) => ({
  name: 'lab',
  registryScopes: ['*'],
  trustStores: ['ca:lab'],
  trustedIdentities: ['*'],
  signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
  ...members,
});
const trust = (members: object = {}, more: object = {}) => ({
  policy: parseTrustPolicy({ version: '1.0', trustPolicies: [statement(members)] }),
  trustStore: memoryTrustStore(lab.trustStore),
  ...more,
});
const asked = (members: object = {}, more: object = {}) => verify(repository, 'v1', trust(members, more));
const resolve = (more: object, name = 'net-monitor') =>
  createRegistry({ retry: { maxRetries: 0 }, ...more } as never)
    .repository(name)
    .resolve('v1');

tellMistakes('registries', [
  {
    name: 'a wrong password',
    make: () => resolve({ registry: host, credentials: { username: 'ci', password: 'battery staple' } }),
    code: 'ERR_REGISTRY_UNAUTHORIZED',
    where: host,
  },
  {
    name: 'no credentials',
    make: () => resolve({ registry: host }),
    code: 'ERR_REGISTRY_UNAUTHORIZED',
    where: host,
    remedy: 'credentials',
  },
  {
    name: 'a registry with a scheme',
    make: () => resolve({ registry: `https://${host}` }),
    code: 'ERR_OCI_INVALID',
    found: 'https',
    remedy: 'plainHttp',
  },
  {
    name: 'a registry with a path',
    make: () => resolve({ registry: `${host}/net-monitor` }),
    code: 'ERR_OCI_INVALID',
    found: 'net-monitor',
  },
  {
    name: 'nobody listens',
    make: () => resolve({ registry: `127.0.0.1:${dead}` }),
    code: 'ERR_REGISTRY_UNAVAILABLE',
    where: `127.0.0.1:${dead}`,
    found: 'ECONNREFUSED',
  },
  {
    name: 'the proxy is down',
    make: () => resolve({ registry: 'registry.example', connection: { proxy: `http://127.0.0.1:${dead}` } }),
    code: 'ERR_REGISTRY_UNAVAILABLE',
    where: 'registry.example',
    found: `127.0.0.1:${dead}`,
  },
  {
    name: 'the proxy is down, plain http',
    make: () =>
      resolve({ registry: 'registry.example', plainHttp: true, connection: { proxy: `http://127.0.0.1:${dead}` } }),
    code: 'ERR_REGISTRY_UNAVAILABLE',
    where: 'registry.example',
    found: `127.0.0.1:${dead}`,
  },
  {
    name: 'https to a registry of plain http',
    make: () => resolve({ registry: host, plainHttp: false }),
    code: 'ERR_REGISTRY_UNAVAILABLE',
    where: host,
    remedy: 'plainHttp',
  },
  {
    name: 'a tag that is not there',
    make: () => verify(repository, 'v2', trust()),
    code: 'ERR_OCI_NOT_FOUND',
    where: 'net-monitor',
    found: 'v2',
  },
  {
    name: 'a repository that is not there',
    make: () => verify(registry().repository('net-monitr'), 'v1', trust()),
    code: 'ERR_OCI_NOT_FOUND',
    where: 'net-monitr',
  },
  {
    name: 'a digest that is cut',
    make: () => verify(repository, 'sha256:abc', trust()),
    code: 'ERR_OCI_INVALID',
    expected: '64',
    found: 'abc',
  },
  {
    name: 'a reference into another repository',
    make: () => verify(repository, 'registry.example/other:v1', trust()),
    code: 'ERR_GRAPH_REFERENCE',
    where: 'net-monitor',
    found: 'registry.example/other',
  },
  {
    name: 'a name in capitals',
    make: () => registry().repository('Net-Monitor'),
    code: 'ERR_OCI_INVALID',
    found: 'Net-Monitor',
  },
  { name: 'a reference without a name', make: () => parseReference(':v1'), code: 'ERR_OCI_INVALID', found: ':v1' },
]);

const subject = 'x509.subject: C=US, ST=WA, O=other';

tellMistakes('trust', [
  {
    name: 'a store that is not there',
    make: () => asked({ trustStores: ['ca:lba'] }),
    code: 'ERR_TRUST_NOT_VERIFIED',
    where: 'ca:lba',
    expected: 'ca:lab',
  },
  {
    name: 'a store of another type',
    make: () => asked({ trustStores: ['tsa:labb', 'ca:labb'] }),
    code: 'ERR_TRUST_NOT_VERIFIED',
    where: 'ca:labb',
    expected: 'ca:lab',
  },
  {
    name: 'a folder that is not there',
    make: () => asked({ trustStores: ['ca:lba'] }, { trustStore: directoryTrustStore(folder) }),
    code: 'ERR_TRUST_NOT_VERIFIED',
    where: 'ca:lba',
    expected: '"lab"',
  },
  {
    name: 'an empty folder',
    make: () => asked({}, { trustStore: directoryTrustStore(folder) }),
    code: 'ERR_TRUST_NOT_VERIFIED',
    where: 'ca:lab',
  },
  {
    name: 'a file that is not a certificate',
    make: () => asked({ trustStores: ['ca:spoilt'] }, { trustStore: directoryTrustStore(folder) }),
    code: 'ERR_TRUST_NOT_VERIFIED',
    where: 'notes.txt',
  },
  {
    name: 'a store whose type has no folder',
    make: () => asked({ trustStores: ['signingAuthority:lab'] }, { trustStore: directoryTrustStore(folder) }),
    code: 'ERR_TRUST_NOT_VERIFIED',
    where: 'signingAuthority',
  },
  {
    name: 'another identity',
    make: () => asked({ trustedIdentities: [subject] }),
    code: 'ERR_TRUST_NOT_VERIFIED',
    expected: 'O=other',
    found: 'O=NotaryKit Test',
  },
  {
    name: 'a long identity that differs at its end',
    make: () =>
      asked({ trustedIdentities: [`x509.subject: C=US, ST=WA, O=NotaryKit Test, OU=${'a'.repeat(200)}, CN=the end`] }),
    code: 'ERR_TRUST_NOT_VERIFIED',
    expected: 'CN=the end',
    found: 'O=NotaryKit Test',
  },
  {
    name: 'no signature',
    make: () => verify(repository, unsigned.digest, trust()),
    code: 'ERR_TRUST_NO_SIGNATURE',
    where: unsigned.digest,
  },
  {
    name: 'no statement for the repository',
    make: () => asked({ registryScopes: ['registry.test/net-monitr'] }),
    code: 'ERR_TRUST_NO_STATEMENT',
    where: 'net-monitor',
    expected: 'registry.test/net-monitr',
    remedy: 'registryScopes',
  },
  {
    name: 'revocation without a checker',
    make: () => asked({ signatureVerification: { level: 'strict' } }),
    code: 'ERR_TRUST_NOT_VERIFIED',
    where: 'revocation',
    remedy: 'revocation',
  },
]);

const ocsp = await lab.authority.issueLeaf({ ocspUrls: [`http://127.0.0.1:${dead}/ocsp`] });
const fetch = globalThis.fetch;
const roots = parseCertificates(lab.authority.root.certificate);
const stamped = (url: string) =>
  signBlob(utf8('x'), {
    signer: lab.signer,
    timestamper: createHttpTimestamper({ url, roots, fetch: fetch as never }),
    timestampRoots: roots,
  } as never);

tellMistakes('responders and timestamping authorities', [
  {
    name: 'an authority that is down',
    make: () => stamped(`http://127.0.0.1:${dead}/tsa`),
    code: 'ERR_PKI_TSA',
    where: `127.0.0.1:${dead}`,
    found: 'ECONNREFUSED',
  },
  {
    name: 'an authority that answers with a page',
    make: () => stamped(`http://${host}/`),
    code: 'ERR_PKI_TSA',
    where: host,
    expected: 'application/timestamp-reply',
    found: 'status',
  },
  {
    name: 'an authority with another scheme',
    make: () => stamped('ftp://tsa.test'),
    code: 'ERR_PKI_TSA',
    expected: 'http',
    found: 'ftp',
  },
  {
    name: 'a responder on this machine',
    make: () => revoked({}),
    code: 'ERR_TRUST_NOT_VERIFIED',
    found: 'loopback',
    remedy: 'addresses',
  },
  {
    name: 'a responder that is down',
    make: () => revoked({ addresses: { loopback: true } }),
    code: 'ERR_TRUST_NOT_VERIFIED',
    where: `127.0.0.1:${dead}`,
    found: 'ECONNREFUSED',
  },
]);

async function revoked(options: object): Promise<unknown> {
  const own = registry().repository('ocsp');
  await own.push(describeContent(mediaTypes.empty, config), config);
  await own.push(image, bytes);
  await sign(own, image, { signer: ocsp.signer });
  const revocation = createRevocationChecker({ fetch: fetch as never, ...options });
  return verify(own, image.digest, trust({ signatureVerification: { level: 'strict' } }, { revocation }));
}
