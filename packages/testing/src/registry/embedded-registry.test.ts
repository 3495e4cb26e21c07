import { type FetchInit, type FetchResponse, readBytes, utf8 } from '@notarykit/common';
import { digestOf, mediaTypes } from '@notarykit/oci';
import { describe, expect, test } from 'vitest';
import { createEmbeddedRegistry } from './embedded-registry.js';

const base = 'http://registry.test';
const empty = utf8('{}');
const manifest = (subject?: string) =>
  utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageManifest,
      config: { mediaType: mediaTypes.empty, digest: digestOf(empty), size: 2 },
      layers: [],
      ...(subject === undefined
        ? {}
        : {
            artifactType: 'application/sbom',
            subject: { mediaType: mediaTypes.imageManifest, digest: subject, size: 1 },
          }),
    }),
  );

function client(registry = createEmbeddedRegistry()) {
  const call = (method: string, path: string, init: FetchInit = {}): Promise<FetchResponse> =>
    registry.fetch(base + path, { ...init, method });
  const pushBlob = (repository: string, bytes = empty) =>
    call('POST', `/v2/${repository}/blobs/uploads/?digest=${digestOf(bytes)}`, { body: bytes });
  const pushManifest = (repository: string, reference: string, bytes = manifest()) =>
    call('PUT', `/v2/${repository}/manifests/${reference}`, {
      body: bytes,
      headers: { 'content-type': mediaTypes.imageManifest },
    });
  return { registry, call, pushBlob, pushManifest };
}

const text = async (response: FetchResponse): Promise<string> =>
  new TextDecoder().decode(await readBytes(response.body!, { limit: 1 << 20 }));

describe('content', () => {
  test('a pushed manifest comes back byte for byte under its tag and its digest', async () => {
    const { call, pushBlob, pushManifest } = client();
    expect((await pushBlob('a')).status).toBe(201);
    expect((await pushManifest('a', 'v1')).status).toBe(201);
    for (const reference of ['v1', digestOf(manifest())]) {
      const answer = await call('GET', `/v2/a/manifests/${reference}`);
      expect(answer.headers.get('docker-content-digest')).toBe(digestOf(manifest()));
      expect(await text(answer)).toBe(new TextDecoder().decode(manifest()));
    }
  });

  test('a manifest whose layer is missing leaves no tag', async () => {
    const { call, pushManifest } = client();
    expect((await pushManifest('a', 'v1')).status).toBe(404);
    expect((await call('GET', '/v2/a/manifests/v1')).status).toBe(404);
  });

  test('a digest that does not fit is refused and nothing is stored', async () => {
    const { call } = client();
    const wrong = digestOf(utf8('other'));
    expect((await call('POST', `/v2/a/blobs/uploads/?digest=${wrong}`, { body: empty })).status).toBe(400);
    expect((await call('HEAD', `/v2/a/blobs/${wrong}`)).status).toBe(404);
  });

  test.each(['..%2fa', 'A', 'a%00b', 'a//b'])('the repository name %s is refused', async (name) => {
    const { call } = client();
    expect((await call('GET', `/v2/${name}/tags/list`)).status).toBe(400);
  });
});

describe('referrers', () => {
  test('a manifest with a subject is listed, filtered, and announced by OCI-Subject', async () => {
    const { call, pushBlob, pushManifest } = client();
    await pushBlob('a');
    const subject = digestOf(manifest());
    const pushed = await pushManifest('a', digestOf(manifest(subject)), manifest(subject));
    expect(pushed.headers.get('oci-subject')).toBe(subject);
    const list = async (query: string) =>
      JSON.parse(await text(await call('GET', `/v2/a/referrers/${subject}${query}`)));
    expect((await list('')).manifests).toHaveLength(1);
    expect((await list('?artifactType=application%2Fsbom')).manifests).toHaveLength(1);
    expect((await list('?artifactType=other%2Ftype')).manifests).toHaveLength(0);
  });

  test('without the API there is neither a list nor a header', async () => {
    const { call, pushBlob, pushManifest } = client(createEmbeddedRegistry({ referrers: 'tag-schema' }));
    await pushBlob('a');
    const subject = digestOf(manifest());
    expect(
      (await pushManifest('a', digestOf(manifest(subject)), manifest(subject))).headers.get('oci-subject'),
    ).toBeNull();
    expect((await call('GET', `/v2/a/referrers/${subject}`)).status).toBe(404);
  });
});

describe('accounts', () => {
  const basic = (user: string, password: string) => ({ authorization: `Basic ${btoa(`${user}:${password}`)}` });
  const accounts = [
    { username: 'dev', password: 'dev-secret', rights: { 'dev/*': ['pull', 'push'] as const } },
    { username: 'ops', password: 'ops-secret' },
  ];

  test('Basic: unknown is 401 with a challenge, known without the right is 403', async () => {
    const { call } = client(createEmbeddedRegistry({ auth: { scheme: 'basic', accounts } }));
    const anonymous = await call('GET', '/v2/prod/app/tags/list');
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="embedded-registry"',
    ]);
    const dev = basic('dev', 'dev-secret');
    expect((await call('GET', '/v2/prod/app/tags/list', { headers: dev })).status).toBe(403);
    expect((await call('GET', '/v2/dev/app/tags/list', { headers: dev })).status).toBe(404);
  });

  test('token: the challenge names realm and scope, the token opens that repository only', async () => {
    const { call } = client(createEmbeddedRegistry({ auth: { scheme: 'token', accounts } }));
    const challenge = (await call('GET', '/v2/dev/app/tags/list')).headers.get('www-authenticate');
    expect(challenge).toBe(`Bearer realm="${base}/token",service="embedded-registry",scope="repository:dev/app:pull"`);
    const query = '?service=embedded-registry&scope=repository:dev/app:pull&scope=repository:prod/app:pull';
    const granted = await call('GET', `/token${query}`, { headers: basic('dev', 'dev-secret') });
    const { token } = JSON.parse(await text(granted)) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    expect((await call('GET', '/v2/dev/app/tags/list', { headers })).status).toBe(404);
    const refused = await call('GET', '/v2/prod/app/tags/list', { headers });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('insufficient_scope'),
    ]);
  });

  test('H7 the request log holds no secret', async () => {
    const { registry, call } = client(createEmbeddedRegistry({ auth: { scheme: 'basic', accounts } }));
    await call('GET', '/v2/', { headers: basic('ops', 'ops-secret') });
    expect(registry.requests[0]?.account).toBe('ops');
    expect(JSON.stringify(registry.requests)).not.toContain(btoa('ops:ops-secret'));
    expect(registry.requests[0]?.headers['authorization']).toMatch(/^Basic sha256:[0-9a-f]{32}$/);
  });
});

test('a chunk after the last request of an upload changes no stored content', async () => {
  const { call } = client();
  const started = await call('POST', '/v2/a/blobs/uploads/');
  const path = new URL(started.headers.get('location') ?? '', base).pathname;
  const good = utf8('the good bytes');
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let reading: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    reading = resolve;
  });
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        reading();
        await held;
        controller.enqueue(good);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const put = call('PUT', `${path}?digest=${digestOf(good)}`, { body, duplex: 'half' });
  await begun;
  const patch = call('PATCH', path, { body: utf8(' and others') });
  goOn();
  expect([(await put).status, (await patch).status]).toEqual([201, 404]);
  expect(await text(await call('GET', `/v2/a/blobs/${digestOf(good)}`))).toBe('the good bytes');
});

describe('options that other suites use', () => {
  test('read-only: nothing is written or deleted, everything is read', async () => {
    const registry = createEmbeddedRegistry({ readOnly: true });
    await registry.seed('a', {
      blobs: [empty],
      manifests: [{ bytes: manifest(), mediaType: mediaTypes.imageManifest, tags: ['v1'] }],
    });
    const { call, pushBlob, pushManifest } = client(registry);
    expect((await call('GET', '/v2/a/manifests/v1')).status).toBe(200);
    const writes = [await pushBlob('a'), await pushManifest('a', 'v2'), await call('DELETE', '/v2/a/manifests/v1')];
    expect(writes.map(({ status }) => status)).toEqual([405, 405, 405]);
    expect((await call('GET', '/v2/a/manifests/v1')).status).toBe(200);
  });

  test.each([
    [true, ['https://layers.test/x'], 201],
    [true, [], 404],
    [false, ['https://layers.test/x'], 404],
  ])('layers that are not there, with urls taken %s and named %j: %i', async (urlLayers, urls, status) => {
    const { pushBlob, pushManifest } = client(createEmbeddedRegistry({ urlLayers }));
    await pushBlob('a');
    const document = JSON.parse(new TextDecoder().decode(manifest())) as object;
    const digest = digestOf(utf8('a layer that is elsewhere'));
    const layers = [{ mediaType: mediaTypes.imageLayerGzip, digest, size: 25, urls }];
    expect((await pushManifest('a', 'v1', utf8(JSON.stringify({ ...document, layers })))).status).toBe(status);
  });

  test('collecting removes what nothing names, and on request what no tag leads to', async () => {
    const registry = createEmbeddedRegistry();
    const { call, pushBlob, pushManifest } = client(registry);
    const stray = utf8('a blob that nobody names');
    await pushBlob('a', stray);
    await pushBlob('a');
    await pushManifest('a', 'v1');
    const referrer = manifest(digestOf(manifest()));
    await pushManifest('a', digestOf(referrer), referrer);
    const lost = utf8(JSON.stringify({ ...JSON.parse(new TextDecoder().decode(manifest())), annotations: { a: 'b' } }));
    await pushManifest('a', digestOf(lost), lost);
    const statusOf = async (path: string): Promise<number> => (await call('HEAD', `/v2/a/${path}`)).status;
    expect(await registry.collect()).toEqual({ manifests: 0, blobs: 1 });
    expect(await statusOf(`blobs/${digestOf(stray)}`)).toBe(404);
    expect(await statusOf(`manifests/${digestOf(lost)}`)).toBe(200);
    expect(await registry.collect({ untagged: true })).toEqual({ manifests: 1, blobs: 0 });
    const left = [`manifests/${digestOf(lost)}`, 'manifests/v1', `manifests/${digestOf(referrer)}`];
    expect(await Promise.all(left.map(statusOf))).toEqual([404, 200, 200]);
    expect(await statusOf(`blobs/${digestOf(empty)}`)).toBe(200);
    await call('DELETE', '/v2/a/manifests/v1');
    expect(await registry.collect({ untagged: true })).toEqual({ manifests: 2, blobs: 1 });
    expect(await registry.collect({ untagged: true })).toEqual({ manifests: 0, blobs: 0 });
  });
});
