import { utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { describe as describeContent, mediaTypes } from '@notarykit/oci';
import { referrersTag } from '@notarykit/oci/internal';
import { type Action, faults, type Rule } from '@notarykit/testing';
import { describe, expect, it } from 'vitest';
import { blobOf, bytesOf, listAll, readAll, seed, serve } from './support.js';

const largerThan =
  (most: number): NonNullable<Rule['when']> =>
  ({ headers }) =>
    Number(headers.get('content-length') ?? 0) > most;

describe('gateways that limit the size of a request', () => {
  it.each<[string, object, object]>([
    ['in one request', {}, {}],
    ['in chunks, as the push says', {}, { chunked: true }],
    ['in chunks, as the registry says', { chunked: true }, {}],
  ])('a blob that is sent %s arrives in pieces', async (_, options, push) => {
    const served = await serve();
    const tooLarge = faults.status({ status: 413, code: '' });
    served.registry.rule({ method: ['PUT', 'PATCH'], route: 'upload', when: largerThan(100_000), action: tooLarge });
    const bytes = bytesOf(1_000_000, 4);
    const repository = served.client(options).repository('net-monitor');
    await repository.push(blobOf(bytes), () => streamOf(bytes), push);
    expect(Buffer.compare(await readAll(repository, blobOf(bytes)), bytes)).toBe(0);
    // What was refused once is not tried again.
    const refused = served.registry.requests.filter(({ status }) => status === 413);
    expect(refused.length).toBeLessThanOrEqual(6);
  });

  it('a registry that refuses every upload ends the push with its code', async () => {
    const served = await serve();
    served.registry.rule({
      method: ['PUT', 'PATCH'],
      route: 'upload',
      action: faults.status({ status: 413, code: '' }),
    });
    const bytes = bytesOf(400_000);
    const pushing = served
      .client()
      .repository('net-monitor')
      .push(blobOf(bytes), () => streamOf(bytes));
    await expect(pushing).rejects.toMatchObject({ code: 'ERR_REGISTRY_TOO_LARGE' });
  });

  it('uploads all blobs in chunks on request', async () => {
    const served = await serve();
    const bytes = bytesOf(1000);
    await served.client({ chunked: true }).repository('net-monitor').push(blobOf(bytes), bytes);
    expect(served.registry.requests.some(({ method }) => method === 'PATCH')).toBe(true);
  });
});

describe('manifests of a type that says nothing', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'text/plain', 'application/octet-stream'])(
    'P5 sent as %s, a manifest has the type that it states',
    async (type) => {
      const served = await serve();
      const { manifest, manifestBytes } = await seed(served);
      served.registry.rule({ method: 'GET', route: 'manifest', action: faults.header('Content-Type', type) });
      expect(await served.client().repository('net-monitor').resolve('v1')).toEqual(manifest);
      const read = await readAll(served.client().repository('net-monitor'), manifest);
      expect(Buffer.compare(read, manifestBytes)).toBe(0);
      const other = { ...manifest, mediaType: mediaTypes.dockerManifest };
      await expect(readAll(served.client().repository('net-monitor'), other)).rejects.toMatchObject({
        code: 'ERR_OCI_INVALID',
      });
    },
  );

  it.each(['{"schemaVersion":2}', 'not JSON', '{"schemaVersion":2,"mediaType":"text/html"}', '[]'])(
    'P5 refuses a manifest without a type, %s',
    async (text) => {
      const served = await serve();
      const headers = { 'Content-Type': 'application/json' };
      served.registry.rule({ action: faults.status({ status: 200, headers, body: utf8(text) }) });
      await expect(served.client().repository('net-monitor').resolve('v1')).rejects.toMatchObject({
        code: 'ERR_OCI_UNSUPPORTED',
      });
    },
  );
});

describe('HEAD that is refused', () => {
  it.each([400, 403, 405, 501])('by %i: GET says whether it is there', async (status) => {
    const served = await serve();
    const { blob, manifest } = await seed(served);
    served.registry.rule({ method: 'HEAD', action: faults.status({ status, code: '' }) });
    const repository = served.client().repository('net-monitor');
    const missing = { ...blob, digest: `sha256:${'4'.repeat(64)}` as const };
    expect(await repository.exists(blob)).toBe(true);
    expect(await repository.exists(missing)).toBe(false);
    expect(await repository.exists(manifest)).toBe(true);
    expect(await repository.exists({ ...manifest, digest: missing.digest })).toBe(false);
    const bytes = bytesOf(100, 9);
    await repository.push(blobOf(bytes), bytes);
    expect(await repository.exists(blobOf(bytes))).toBe(true);
  });

  it('reports a missing right to read', async () => {
    const served = await serve();
    const { blob, manifest } = await seed(served);
    served.registry.rule({ action: faults.status({ status: 403, code: 'DENIED' }) });
    const repository = served.client().repository('net-monitor');
    for (const one of [blob, manifest])
      await expect(repository.exists(one)).rejects.toMatchObject({ code: 'ERR_REGISTRY_DENIED' });
  });
});

describe('immutable tags', () => {
  const says = (status: number, code: string, message: string): Action =>
    faults.status({
      status,
      headers: { 'Content-Type': 'application/json' },
      body: utf8(JSON.stringify({ errors: [{ code, message }] })),
    });
  const refusals: readonly [string, Action][] = [
    ['412', says(412, 'PRECONDITION', "Failed due to 'net-monitor:sha256-…' configured as immutable.")],
    ['409', says(409, 'CONFLICT', 'locked')],
    ['400', says(400, 'TAG_INVALID', 'The tag already exists and cannot be overwritten.')],
    ['403', says(403, 'DENIED', 'the tag is immutable')],
  ];
  it.each(refusals)('reports an immutable referrers tag (%s) once', async (_, action) => {
    const served = await serve({ referrers: 'tag-schema' });
    const { manifest, document } = await seed(served);
    const repository = served.client().repository('net-monitor');
    const push = async (i: number): Promise<void> => {
      const bytes = utf8(JSON.stringify({ ...document, subject: manifest, annotations: { i: String(i) } }));
      await repository.push(describeContent(manifest.mediaType, bytes), bytes);
    };
    await push(1);
    served.registry.rule({ method: 'PUT', route: 'manifest', reference: referrersTag(manifest.digest), action });
    served.registry.forgetRequests();
    await expect(push(2)).rejects.toMatchObject({
      code: 'ERR_REGISTRY_CONFLICT',
      message: expect.stringContaining('immutable'),
      detail: { retryable: false },
    });
    const writes = served.registry.requests.filter(({ method, path }) => method === 'PUT' && path.includes('sha256-'));
    expect(writes).toHaveLength(1);
    expect(await listAll(repository.referrers(manifest))).toHaveLength(1);
  });

  it.each(refusals)('a tag that is refused by %s is a conflict, and says where it is', async (_, action) => {
    const served = await serve();
    const { manifest, document } = await seed(served);
    const repository = served.client().repository('net-monitor');
    const bytes = utf8(JSON.stringify({ ...document, annotations: { n: '2' } }));
    const other = describeContent(manifest.mediaType, bytes);
    await repository.push(other, bytes);
    served.registry.rule({ method: 'PUT', route: 'manifest', reference: 'v1', action });
    await expect(repository.tag(other, 'v1')).rejects.toMatchObject({
      code: 'ERR_REGISTRY_CONFLICT',
      detail: { retryable: false, registry: served.host },
    });
    // What is there already is not a conflict.
    await repository.tag(manifest, 'v1');
  });
});
