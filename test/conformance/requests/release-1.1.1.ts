import { expect } from 'vitest';
import { digestOf, type WireClient } from './client.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const artifactTypes = ['application/vnd.example.a', 'application/vnd.example.b'] as const;
const annotation = 'org.example.test';
const empty = new TextEncoder().encode('{}');
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(empty), size: 2 };
const image = (more: Readonly<Record<string, unknown>>): Uint8Array =>
  encode({ schemaVersion: 2, mediaType: manifestType, config, layers: [config], ...more });

interface Entry {
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What the suite of release 1.1.1 asks for beyond the suite that can be installed by name. */
export async function addedInRelease111(client: WireClient, repository: string): Promise<void> {
  await client.push(repository, empty);
  await missingSubject(client, repository);
  await annotations(client, repository);
  await oneTagLess(client, repository);
}

async function put(client: WireClient, repository: string, reference: string, body: Uint8Array, mediaType: string) {
  const headers = { 'content-type': mediaType };
  return await client.expect(201, 'PUT', `/v2/${repository}/manifests/${reference}`, { body, headers });
}

async function referrersOf(client: WireClient, repository: string, path: string): Promise<readonly Entry[]> {
  const { body, headers } = await client.expect(200, 'GET', `/v2/${repository}/referrers/${path}`);
  expect(headers['content-type']).toBe(indexType);
  return (JSON.parse(body.toString()) as { manifests: Entry[] }).manifests;
}

/** A referrer of a manifest that is never pushed is taken, and listed under it. */
async function missingSubject(client: WireClient, repository: string): Promise<void> {
  const absent = image({ annotations: { [annotation]: 'never pushed' } });
  const subject = { mediaType: manifestType, digest: digestOf(absent), size: absent.length };
  const body = image({ artifactType: artifactTypes[1], subject });
  const { headers } = await put(client, repository, digestOf(body), body, manifestType);
  expect(headers['oci-subject']).toBe(subject.digest);
  const listed = await referrersOf(client, repository, subject.digest);
  expect(listed.map(({ digest }) => digest)).toEqual([digestOf(body)]);
  await client.expect(404, 'GET', `/v2/${repository}/manifests/${subject.digest}`);
}

/** The list of referrers gives each its own annotations and no others, of images and of an index, whole and filtered. */
async function annotations(client: WireClient, repository: string): Promise<void> {
  const root = image({ annotations: { of: 'the subject' } });
  await put(client, repository, digestOf(root), root, manifestType);
  const subject = { mediaType: manifestType, digest: digestOf(root), size: root.length };
  const expected = new Map<string, string>();
  const push = async (body: Uint8Array, mediaType: string, value: string): Promise<void> => {
    await put(client, repository, digestOf(body), body, mediaType);
    expected.set(digestOf(body), value);
  };
  for (const artifactType of artifactTypes) {
    const value = `test ${artifactType}`;
    await push(image({ artifactType, subject, annotations: { [annotation]: value } }), manifestType, value);
  }
  const index = { schemaVersion: 2, mediaType: indexType, artifactType: artifactTypes[1], manifests: [], subject };
  await push(encode({ ...index, annotations: { [annotation]: 'test index' } }), indexType, 'test index');
  for (const [query, count] of [
    ['', 3],
    [`?artifactType=${encodeURIComponent(artifactTypes[0])}`, 1],
    [`?artifactType=${encodeURIComponent(artifactTypes[1])}`, 2],
  ] as const) {
    const listed = await referrersOf(client, repository, `${subject.digest}${query}`);
    expect(listed).toHaveLength(count);
    for (const entry of listed) expect(entry.annotations).toEqual({ [annotation]: expected.get(entry.digest) });
  }
}

/** A deleted tag leaves all others. */
async function oneTagLess(client: WireClient, repository: string): Promise<void> {
  const body = image({ annotations: { of: 'tags' } });
  for (const tag of ['t1', 't2', 't3']) await put(client, repository, tag, body, manifestType);
  const tags = async (): Promise<readonly string[]> => {
    const answer = await client.expect(200, 'GET', `/v2/${repository}/tags/list`);
    return (JSON.parse(answer.body.toString()) as { tags: string[] }).tags;
  };
  expect(await tags()).toEqual(['t1', 't2', 't3']);
  await client.expect(202, 'DELETE', `/v2/${repository}/manifests/t2`);
  expect(await tags()).toEqual(['t1', 't3']);
  await client.expect(202, 'DELETE', `/v2/${repository}/manifests/${digestOf(body)}`);
  expect(await tags()).toEqual([]);
}
