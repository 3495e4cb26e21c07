import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Repository } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import {
  hostsToml,
  type MirrorConfiguration,
  type OpenMirroredOptions,
  openMirrored,
  type PullSource,
  registriesConf,
} from '@notarykit/registry-client/node';
import { createTrustLab, faults, type RecordedRequest } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { copy, publish, verify } from 'notarykit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { labPolicy } from '../../support/lab-policy.js';
import { basicAuth, listAll, quick, readAll, type Served, seed, serve, tlsSetup } from './support.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirror-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const opened = (name: string, configuration: MirrorConfiguration, options: OpenMirroredOptions = {}) =>
  openMirrored(name, configuration, { endpoint: { ...quick, retry: { maxRetries: 0 } }, ...options });

/** A `registries.conf` and no other file. */
async function registries(text: string): Promise<MirrorConfiguration> {
  await writeFile(join(folder, 'registries.conf'), text);
  return registriesConf({ file: join(folder, 'registries.conf'), directory: join(folder, 'none') });
}

/** A `hosts.toml` for every registry. */
async function hosts(text: string): Promise<MirrorConfiguration> {
  await mkdir(join(folder, '_default'), { recursive: true });
  await writeFile(join(folder, '_default', 'hosts.toml'), text);
  return hostsToml({ directories: [folder] });
}

/** An image with its signature at the origin, of which a mirror has only the image. */
async function setup() {
  const lab = await createTrustLab();
  const origin = await serve({ auth: basicAuth });
  const theirs = { username: 'mirror', password: 'mirror-secret' };
  const mirror = await serve({ auth: { scheme: 'basic', accounts: [theirs] } });
  const ours = { username: 'wabbit', password: 'carrot-secret' };
  const source = origin.client({ credentials: ours }).repository('app');
  const push = { artifactType: 'a/b', layers: [{ mediaType: 'text/plain', content: new Uint8Array(1000) }] };
  await publish(source, { push, sign: { signer: lab.signer }, tag: 'v1' });
  const target = mirror.client({ credentials: theirs }).repository('cache/app');
  await copy(source, target, { reference: 'v1', referrers: false });
  for (const { registry } of [origin, mirror]) registry.forgetRequests();
  const trust = (host: string) => ({
    policy: parseTrustPolicy(labPolicy({ name: 'lab', scopes: [`${host}/app`], withoutRevocation: true })),
    trustStore: memoryTrustStore(lab.trustStore),
  });
  const credentials: NonNullable<OpenMirroredOptions['credentials']> = ({ registry }) =>
    registry === mirror.host ? theirs : ours;
  return { origin, mirror, trust, credentials, source };
}

const paths = (requests: readonly RecordedRequest[]): readonly string[] => requests.map(({ path }) => path);
const sent = ({ registry }: Served) =>
  new Set(registry.requests.flatMap(({ headers }) => headers['authorization'] ?? []));
const blobs = ({ registry }: Served) =>
  registry.requests.filter(({ method, route, status }) => method === 'GET' && route === 'blob' && status === 200)
    .length;

it.each(['registries.conf', 'hosts.toml'])(
  'verifies and copies by the mirrors of %s, each place with its own account',
  async (file) => {
    const { origin, mirror, trust, credentials } = await setup();
    const configuration =
      file === 'hosts.toml'
        ? await hosts(`[host."http://${mirror.host}/v2/cache"]\noverride_path = true\n`)
        : await registries(
            `[[registry]]\nlocation = "${origin.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}/cache"\n`,
          );
    const repository = await opened(`${origin.host}/app`, configuration, { credentials });
    expect(repository.name).toBe(`${origin.host}/app`);
    expect((await verify(repository, 'v1', trust(origin.host))).verdict).toBe('trusted');
    const manifest = await repository.resolve('v1');
    await readAll(repository, { ...manifest });
    expect(await listAll(repository.tags())).toEqual(['v1']);
    expect(mirror.registry.requests.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect([sent(origin).size, sent(mirror).size]).toEqual([1, 1]);
    expect([...sent(origin)].filter((each) => sent(mirror).has(each))).toEqual([]);
    await expect(repository.tag(manifest, 'v2')).rejects.toMatchObject({ code: 'ERR_OCI_UNSUPPORTED' });
  },
);

it('a location answers for tags, referrers and content under the name that policies know', async () => {
  const { origin, trust, credentials } = await setup();
  const configuration = await registries(`[[registry]]\nprefix = "public.example.com"\nlocation = "${origin.host}"\n`);
  const repository = await opened('public.example.com/app', configuration, { credentials });
  expect(await verify(repository, 'v1', trust('public.example.com'))).toMatchObject({ verdict: 'trusted' });
  await expect(verify(repository, 'v1', trust(origin.host))).rejects.toMatchObject({ code: 'ERR_TRUST_NO_STATEMENT' });
  expect(repository.source).toContain(origin.host);
});

it('a mirror that lacks content, fails or gives wrong content costs only its requests', async () => {
  const { origin, mirror, trust, credentials, source } = await setup();
  const configuration = await registries(
    `[[registry]]\nlocation = "${origin.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}/cache"\n`,
  );
  const failures: unknown[] = [];
  const onMirrorFailure = (_: Repository, cause: unknown): void => void failures.push(cause);
  const repository = await opened(`${origin.host}/app`, configuration, { credentials, onMirrorFailure });
  mirror.registry.rule({ action: faults.status({ status: 503 }) });
  expect((await verify(repository, 'v1', trust(origin.host))).verdict).toBe('trusted');
  expect(failures).not.toEqual([]);
  expect(blobs(origin)).toBeGreaterThan(0);
  expect(await repository.resolve('v1')).toEqual(await source.resolve('v1'));
});

it('MF1 never requests a blocked repository', async () => {
  const { origin, mirror, credentials } = await setup();
  const configuration = await registries(
    `[[registry]]\nlocation = "${origin.host}"\nblocked = true\n[[registry.mirror]]\nlocation = "${mirror.host}/cache"\n`,
  );
  await expect(opened(`${origin.host}/app`, configuration, { credentials })).rejects.toMatchObject({
    code: 'ERR_REGISTRY_BLOCKED',
  });
  expect([...origin.registry.requests, ...mirror.registry.requests]).toEqual([]);
});

it('plain http of the caller applies only to the registry, and the files take precedence', async () => {
  const both = { plainHttp: true, allowInsecure: true };
  const source = async (text: string, options: OpenMirroredOptions) =>
    (await opened('registry.example.com/app', await registries(text), options)).source;
  const silent =
    '[[registry]]\nlocation = "registry.example.com"\n[[registry.mirror]]\nlocation = "mirror.example.com"\n';
  expect(await source(silent, both)).toBe(
    'http://registry.example.com/app, mirrored by https://mirror.example.com/app',
  );
  expect(await source(silent, { ...both, plainHttp: ({ registry }) => registry === 'mirror.example.com' })).toMatch(
    /^https:\/\/registry/,
  );
  await expect(source(silent, { plainHttp: true })).rejects.toMatchObject({ code: 'ERR_REGISTRY_CONFIGURATION' });
  // As a caller without types could: a promise is not a yes.
  expect(await source(silent, { ...both, plainHttp: (async () => true) as never })).toMatch(/^https:\/\/registry/);
  const tls = await hosts('server = "https://registry.example.com"\n');
  expect((await opened('registry.example.com/app', tls, both)).source).toBe('https://registry.example.com/app');
});

it('MF2 plain http to another machine is spoken only where configuration and caller both allow it', async () => {
  const insecure = await registries(
    '[[registry]]\nlocation = "registry.example.com"\ninsecure = true\n[[registry.mirror]]\nlocation = "mirror.example.com"\n',
  );
  const origins = async (configuration: MirrorConfiguration, options: OpenMirroredOptions) =>
    (await opened('registry.example.com/app', configuration, options)).source;
  expect(await origins(insecure, {})).toBe(
    'https://registry.example.com/app, mirrored by https://mirror.example.com/app',
  );
  expect(await origins(insecure, { allowInsecure: true })).toBe(
    'http://registry.example.com/app, mirrored by https://mirror.example.com/app',
  );
  const only = (host: string) => ({ allowInsecure: ({ registry }: PullSource) => registry === host });
  expect(await origins(insecure, only('registry.example.com'))).toMatch(/^http:\/\/registry/);
  expect(await origins(insecure, only('mirror.example.com'))).toMatch(/^https:\/\/registry/);
  // As a caller without types could: a promise is not a yes.
  expect(await origins(insecure, { allowInsecure: (async () => false) as never })).toMatch(/^https:\/\/registry/);
  const plain = await hosts('[host."http://mirror.example.com"]\n');
  await expect(origins(plain, {})).rejects.toMatchObject({ code: 'ERR_REGISTRY_CONFIGURATION' });
  expect(await origins(plain, { allowInsecure: true })).toMatch(/mirrored by http:\/\/mirror/);
  // Said of https, it holds for this machine as well.
  expect(await origins(await hosts('server = "https://localhost:5000"'), {})).toMatch(/^https:\/\/localhost:5000/);
  expect(await origins(await hosts('server = "http://localhost:5000"'), {})).toMatch(/^http:\/\/localhost:5000/);
});

it('MF3 a mirror by https is checked by the authority of hosts.toml, whatever skip_verify says', async () => {
  const { ca, server, client } = await tlsSetup();
  const origin = await serve();
  const { blob } = await seed(origin);
  const tls = { key: server.privateKeyPem, cert: server.pem, clientAuthority: ca };
  const mirror = await serve({}, { tls, name: 'localhost' });
  await seed(mirror);
  const failures: unknown[] = [];
  const onMirrorFailure = (_: Repository, cause: unknown): void => void failures.push(cause);
  const through = async (members: string, options: OpenMirroredOptions = {}) => {
    const configuration = await hosts(`[host."https://${mirror.host}"]\n${members}\n`);
    await writeFile(join(folder, '_default', 'ca.crt'), ca);
    await writeFile(join(folder, '_default', 'client.cert'), client.pem);
    await writeFile(join(folder, '_default', 'client.key'), client.privateKeyPem);
    await readAll(await opened(`${origin.host}/net-monitor`, configuration, { ...options, onMirrorFailure }), blob);
    return [blobs(mirror), blobs(origin), failures.length];
  };
  expect(await through('skip_verify = true\nclient = [["client.cert", "client.key"]]')).toEqual([0, 1, 1]);
  expect(await through('ca = "ca.crt"')).toEqual([0, 2, 2]);
  // As a caller without types could.
  const connection: object = { clientCertificate: { cert: client.pem, key: client.privateKeyPem } };
  expect(await through('ca = "ca.crt"', { endpoint: { ...quick, retry: { maxRetries: 0 }, connection } })).toEqual([
    0, 3, 3,
  ]);
  expect(await through('ca = "ca.crt"\nclient = [["client.cert", "client.key"]]')).toEqual([1, 3, 3]);
});

it('the requests of a proxy name the registry that is meant, below the path of its API', async () => {
  const origin = await serve();
  const { blob } = await seed(origin);
  const mirror = await serve();
  await seed(mirror);
  const configuration = await hosts(`[host."http://${mirror.host}"]\nheader = { x-tenant = "blue" }\n`);
  const repository = await opened(`${origin.host}/net-monitor`, configuration);
  await readAll(repository, blob);
  expect([blobs(mirror), blobs(origin)]).toEqual([1, 0]);
  expect(mirror.registry.requests).toMatchObject([{ headers: { 'x-tenant': 'blue' } }]);
  expect(mirror.registry.requests.map(({ query }) => query)).toMatchObject([`?ns=${encodeURIComponent(origin.host)}`]);
  expect(paths(origin.registry.requests)).toEqual([]);
});

it('an API below another path is only asked there', async () => {
  const asked: string[] = [];
  const fetch = async (url: string) => {
    asked.push(url);
    return new Response('{"name":"app","tags":["v1"]}', { headers: { 'content-type': 'application/json' } });
  };
  const registry = createRegistry({ registry: 'a.test', apiPath: '/team/v2', upstream: 'b.test:5000', fetch });
  await registry.ping();
  expect(await listAll(registry.repository('app').tags())).toEqual(['v1']);
  expect(asked[0]).toBe('https://a.test/team/v2/');
  expect(asked[1]).toMatch(/^https:\/\/a\.test\/team\/v2\/app\/tags\/list\?.*ns=b\.test%3A5000$/);
});

it.each(['v2', '/v2/', '/../v2', '/a?b', '/%2e', '//b.test', '/a/./b', 5 as never])(
  'refuses the API path %s',
  (apiPath) => {
    expect(() => createRegistry({ registry: 'a.test', apiPath })).toThrow(
      expect.objectContaining({ code: 'ERR_OCI_INVALID' }),
    );
  },
);
