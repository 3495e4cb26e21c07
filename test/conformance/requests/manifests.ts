import { expect } from 'vitest';
import { digestOf, type WireClient } from './client.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const empty = new TextEncoder().encode('{}');
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const emptyDescriptor = { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(empty), size: 2 };

const image = (more: Readonly<Record<string, unknown>> = {}): Uint8Array =>
  encode({ schemaVersion: 2, mediaType: manifestType, config: emptyDescriptor, layers: [emptyDescriptor], ...more });

const referrer = (subject: Uint8Array, artifactType: string): Uint8Array =>
  image({ artifactType, subject: { mediaType: manifestType, digest: digestOf(subject), size: subject.length } });

/** Everything that the suites do with manifests, tags and referrers. */
export async function manifestRequests(client: WireClient, one: string): Promise<void> {
  const base = `/v2/${one}`;
  await client.push(one, empty);
  const put = (reference: string, body: Uint8Array, status = 201, chunked = true, type = manifestType) =>
    client.expect(status, 'PUT', `${base}/manifests/${reference}`, {
      body,
      chunked,
      headers: { 'content-type': type },
    });
  await missing(client, base);
  for (const chunked of [true, false])
    await pushAndPull(client, base, (reference, body) => put(reference, body, 201, chunked));
  await put(digestOf(image({ annotations: { other: '1' } })), image(), 400);
  await put('bad', encode({ schemaVersion: 2, mediaType: indexType, manifests: [] }), 400);
  await put('missing', image({ layers: [{ ...emptyDescriptor, digest: digestOf(encode('absent')) }] }), 404, true);
  await large(put);
  await tagParameters(client, base, one);
  await tagPages(client, base, put);
  await referrers(client, base, put);
  const sha512 = image({ annotations: { algorithm: 'sha512' } });
  await put(digestOf(sha512, 'sha512'), sha512);
  await client.expect(200, 'GET', `${base}/manifests/${digestOf(sha512, 'sha512')}`);
}

async function missing(client: WireClient, base: string): Promise<void> {
  const unknown = digestOf(encode('unknown'));
  for (const reference of [unknown, 'unknown']) {
    for (const method of ['GET', 'HEAD']) await client.expect(404, method, `${base}/manifests/${reference}`);
  }
  await client.expect(404, 'DELETE', `${base}/manifests/${unknown}`);
  const malformed = await client.expect(400, 'GET', `${base}/manifests/sha256:totallywrong`);
  expect(JSON.parse(malformed.body.toString())).toMatchObject({ errors: [{ code: 'DIGEST_INVALID' }] });
}

type Put = (reference: string, body: Uint8Array, status?: number, chunked?: boolean, type?: string) => Promise<unknown>;

async function pushAndPull(client: WireClient, base: string, put: Put): Promise<void> {
  const body = image();
  const digest = digestOf(body);
  await put('image', body);
  await put(digest, body);
  const accept = { accept: `${indexType}, ${manifestType}` };
  for (const reference of ['image', digest]) {
    const read = await client.expect(200, 'GET', `${base}/manifests/${reference}`, { headers: accept });
    expect(new Uint8Array(read.body)).toEqual(body);
    const head = await client.expect(200, 'HEAD', `${base}/manifests/${reference}`, { headers: accept });
    for (const { headers } of [read, head]) {
      const expected = {
        'content-type': manifestType,
        'docker-content-digest': digest,
        'content-length': `${body.length}`,
      };
      expect(headers).toMatchObject(expected);
    }
  }
  await client.expect(202, 'DELETE', `${base}/manifests/image`);
  await client.expect(404, 'GET', `${base}/manifests/image`);
  await client.expect(200, 'GET', `${base}/manifests/${digest}`);
  await put('image', body);
  // With the manifest its tags go.
  await client.expect(202, 'DELETE', `${base}/manifests/${digest}`);
  for (const reference of ['image', digest]) await client.expect(404, 'GET', `${base}/manifests/${reference}`);
}

async function large(put: Put): Promise<void> {
  const annotations = Object.fromEntries(Array.from({ length: 390 }, (_, i) => [`key-${i}`, 'x'.repeat(10_000)]));
  await put('large', image({ annotations }));
  await put('larger', image({ annotations, more: 'x'.repeat(500_000) }), 413);
}

async function tagParameters(client: WireClient, base: string, one: string): Promise<void> {
  const body = encode({ schemaVersion: 2, mediaType: indexType, manifests: [] });
  const headers = { 'content-type': indexType };
  for (const tags of [['one'], ['two', 'three']]) {
    const query = tags.map((tag) => `tag=${tag}`).join('&');
    const path = `/v2/${one}/manifests/${digestOf(body)}?${query}`;
    const pushed = await client.expect(201, 'PUT', path, { body, headers, chunked: true });
    expect(pushed.headers['oci-tag']).toBe(tags.join(', '));
    for (const tag of tags) await client.expect(200, 'GET', `${base}/manifests/${tag}`);
  }
  await client.expect(202, 'DELETE', `${base}/manifests/${digestOf(body)}`);
  await client.expect(202, 'DELETE', `${base}/manifests/large`);
}

async function tagPages(client: WireClient, base: string, put: Put): Promise<void> {
  for (const tag of ['a', 'b', 'c', 'B']) await put(tag, image());
  const list = async (query: string) => {
    const { body, headers } = await client.expect(200, 'GET', `${base}/tags/list${query}`);
    return { tags: (JSON.parse(body.toString()) as { tags: string[] }).tags, link: headers['link'] };
  };
  expect(await list('')).toEqual({ tags: ['B', 'a', 'b', 'c'], link: undefined });
  expect(await list('?last=a')).toEqual({ tags: ['b', 'c'], link: undefined });
  const page = await list('?n=2');
  expect(page.tags).toEqual(['B', 'a']);
  expect(page.link).toContain('rel="next"');
  expect(await list('?n=2&last=a')).toEqual({ tags: ['b', 'c'], link: undefined });
  expect(await list('?n=0')).toEqual({ tags: [], link: undefined });
}

async function referrers(client: WireClient, base: string, put: Put): Promise<void> {
  const subject = image({ annotations: { subject: 'true' } });
  const list = async (digest: string, query = '') => {
    const { body, headers } = await client.expect(200, 'GET', `${base}/referrers/${digest}${query}`);
    expect(headers['content-type']).toBe(indexType);
    const { manifests } = JSON.parse(body.toString()) as { manifests: { digest: string; artifactType?: string }[] };
    return { manifests, filtered: headers['oci-filters-applied'] };
  };
  // Before the subject is there, and for one that nobody knows.
  expect((await list(digestOf(encode('nobody')))).manifests).toEqual([]);
  const [first, second] = [referrer(subject, 'application/one'), referrer(subject, 'application/two')];
  for (const body of [first, second]) {
    const pushed = (await put(digestOf(body), body)) as { headers: Record<string, string>; status: number };
    expect(pushed.headers['oci-subject']).toBe(digestOf(subject));
  }
  await put(digestOf(subject), subject);
  expect((await list(digestOf(subject))).manifests.map((one) => one.artifactType)).toEqual([
    'application/one',
    'application/two',
  ]);
  const filtered = await list(digestOf(subject), '?artifactType=application%2Fone');
  expect(filtered).toMatchObject({ filtered: 'artifactType', manifests: [{ digest: digestOf(first) }] });
  await client.expect(202, 'DELETE', `${base}/manifests/${digestOf(subject)}`);
  expect((await list(digestOf(subject))).manifests).toHaveLength(2);
  await client.expect(202, 'DELETE', `${base}/manifests/${digestOf(first)}`);
  expect((await list(digestOf(subject))).manifests).toHaveLength(1);
  await client.expect(400, 'GET', `${base}/referrers/sha256:totallywrong`);
}

/** What is there before anything was pushed. */
export async function ping(client: WireClient, one: string): Promise<void> {
  await client.expect(200, 'GET', '/v2/');
  await client.expect(404, 'GET', `/v2/${one}/tags/list`);
}
