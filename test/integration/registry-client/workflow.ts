import { readBytes, utf8 } from '@notarykit/common';
import { equalBytes, mapConcurrent, streamOf } from '@notarykit/common/internal';
import {
  type Descriptor,
  describe as describeContent,
  digestOf,
  fetchBytes,
  fetchManifest,
  mediaTypes,
  type Repository,
} from '@notarykit/oci';
import type { RegistryEndpoint } from '@notarykit/registry-client';
import { expect } from 'vitest';

/** What a registry that runs the workflow can do. */
export interface WorkflowOptions {
  /** Repository names are made from it, so that runs do not meet. */
  readonly prefix: string;
  /** Whether tags and manifests can be deleted. */
  readonly deletion?: boolean;
  /** Whether PATCH works. */
  readonly chunks?: boolean;
  /** Whether sha512 blobs are kept. */
  readonly sha512?: boolean;
  /** Whether referrers that are pushed at the same time are all kept by the registry. */
  readonly parallelReferrers?: boolean;
}

/** One thing a user does with a registry. */
export interface WorkflowStep {
  readonly name: string;
  run(registry: RegistryEndpoint, options: WorkflowOptions): Promise<void>;
}

const notarySignature = 'application/vnd.cncf.notary.signature';

/** The client's workflow, step by step: the same against the embedded registry and against real ones. */
export const workflow: readonly WorkflowStep[] = [
  { name: 'answers the ping', run: (registry) => registry.ping() },
  { name: 'pushes and pulls a blob of bytes', run: pushPullBytes },
  { name: 'pushes a stream, chunked', run: pushChunked },
  { name: 'pushes a stream of unknown size', run: pushUnknown },
  { name: 'pushes an image, tags it, resolves it', run: pushImage },
  { name: 'lists referrers, filtered and whole', run: referrers },
  { name: 'keeps many referrers', run: manyReferrers },
  { name: 'mounts or falls back', run: mountBlob },
  { name: 'reads a part of a blob', run: range },
  { name: 'lists tags over pages', run: tagPages },
  { name: 'moves a tag only from where it was', run: compareAndSwap },
  { name: 'keeps sha512 content', run: sha512 },
  { name: 'deletes a tag, a manifest', run: deletion },
  { name: 'says what is missing', run: missing },
];

const bytesOf = (length: number, seed = 1): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
};

const blobOf = (bytes: Uint8Array): Descriptor => describeContent(mediaTypes.octetStream, bytes);

async function whole(repository: Repository, descriptor: Descriptor): Promise<Uint8Array> {
  return await readBytes(await repository.fetch(descriptor), { limit: descriptor.size });
}

async function pushPullBytes(registry: RegistryEndpoint, { prefix }: WorkflowOptions): Promise<void> {
  const repository = registry.repository(`${prefix}/blobs`);
  for (const size of [1, 65_536, 1_000_003]) {
    const bytes = bytesOf(size, size);
    const descriptor = blobOf(bytes);
    expect(await repository.exists(descriptor)).toBe(false);
    await repository.push(descriptor, bytes);
    await repository.push(descriptor, bytes);
    expect(await repository.exists(descriptor)).toBe(true);
    expect(equalBytes(await whole(repository, descriptor), bytes)).toBe(true);
  }
}

async function pushChunked(registry: RegistryEndpoint, { prefix, chunks }: WorkflowOptions): Promise<void> {
  const repository = registry.repository(`${prefix}/blobs`);
  const bytes = bytesOf(3_000_000, 7);
  const descriptor = blobOf(bytes);
  const offsets: number[] = [];
  await repository.push(descriptor, () => streamOf(bytes), {
    chunked: true,
    onSession: ({ offset }) => offsets.push(offset),
  });
  // Without PATCH the client falls back to one request.
  expect(offsets.at(-1)).toBe(chunks === false ? undefined : bytes.length);
  expect(equalBytes(await whole(repository, descriptor), bytes)).toBe(true);
}

async function pushUnknown(registry: RegistryEndpoint, { prefix, chunks }: WorkflowOptions): Promise<void> {
  if (chunks === false) return;
  const repository = registry.repository(`${prefix}/blobs`);
  const bytes = bytesOf(700_000, 9);
  const descriptor = await repository.pushStream(streamOf(bytes));
  expect(descriptor).toEqual(blobOf(bytes));
  expect(equalBytes(await whole(repository, descriptor), bytes)).toBe(true);
}

/** Pushes a manifest with an empty config, its blobs first. */
export async function pushArtifact(
  repository: Repository,
  artifactType: string,
  more: object = {},
  layer: Uint8Array = utf8('{}'),
): Promise<Descriptor> {
  const empty = utf8('{}');
  const config = describeContent(mediaTypes.empty, empty);
  await repository.push(config, empty);
  const layers = [blobOf(layer)];
  await repository.push(layers[0] as Descriptor, layer);
  const bytes = utf8(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageManifest, artifactType, config, layers, ...more }),
  );
  const descriptor = describeContent(mediaTypes.imageManifest, bytes);
  await repository.push(descriptor, bytes);
  return descriptor;
}

async function pushImage(registry: RegistryEndpoint, { prefix }: WorkflowOptions): Promise<void> {
  const repository = registry.repository(`${prefix}/image`);
  const descriptor = await pushArtifact(repository, 'application/vnd.test.image');
  await repository.tag(descriptor, 'v1');
  await repository.tag(descriptor, 'v1');
  expect(await repository.resolve('v1')).toEqual(descriptor);
  expect(await repository.resolve(descriptor.digest)).toEqual(descriptor);
  const { manifest } = await fetchManifest(repository, descriptor);
  expect(manifest.kind === 'image' && manifest.artifactType).toBe('application/vnd.test.image');
}

async function list(listing: AsyncIterable<Descriptor>): Promise<Descriptor[]> {
  const all: Descriptor[] = [];
  for await (const descriptor of listing) all.push(descriptor);
  return all;
}

async function referrers(registry: RegistryEndpoint, { prefix }: WorkflowOptions): Promise<void> {
  const repository = registry.repository(`${prefix}/referrers`);
  const subject = await pushArtifact(repository, 'application/vnd.test.image');
  expect(await list(repository.referrers(subject))).toEqual([]);
  const annotations = { 'org.example.note': 'ä' };
  const signature = await pushArtifact(repository, notarySignature, { subject, annotations });
  const sbom = await pushArtifact(repository, 'application/spdx+json', { subject });
  const all = await list(repository.referrers(subject));
  expect(new Set(all.map(({ digest }) => digest))).toEqual(new Set([signature.digest, sbom.digest]));
  const [only, ...others] = await list(repository.referrers(subject, { artifactType: notarySignature }));
  expect(others).toEqual([]);
  expect(only).toMatchObject({ ...signature, artifactType: notarySignature });
  expect({ ...only?.annotations }).toEqual(annotations);
}

async function manyReferrers(registry: RegistryEndpoint, options: WorkflowOptions): Promise<void> {
  const repository = registry.repository(`${options.prefix}/many`);
  const subject = await pushArtifact(repository, 'application/vnd.test.image');
  const atOnce = options.parallelReferrers === false ? 1 : 12;
  const names = Array.from({ length: 12 }, (_, i) => `application/vnd.test.n${i}`);
  const pushed = await mapConcurrent(names, atOnce, (name) => pushArtifact(repository, name, { subject }));
  const found = await list(repository.referrers(subject));
  expect(found.map(({ digest }) => digest).sort()).toEqual(pushed.map(({ digest }) => digest).sort());
}

async function mountBlob(registry: RegistryEndpoint, { prefix }: WorkflowOptions): Promise<void> {
  const [from, to] = [registry.repository(`${prefix}/from`), registry.repository(`${prefix}/to`)];
  const bytes = bytesOf(50_000, 11);
  const descriptor = blobOf(bytes);
  await from.push(descriptor, bytes);
  if (!(await to.mount(descriptor, from))) await to.push(descriptor, bytes);
  expect(equalBytes(await whole(to, descriptor), bytes)).toBe(true);
  const absent = blobOf(bytesOf(10, 99));
  expect(await to.mount(absent, from)).toBe(false);
  await to.push(absent, bytesOf(10, 99));
  expect(await to.exists(absent)).toBe(true);
}

async function range(registry: RegistryEndpoint, { prefix }: WorkflowOptions): Promise<void> {
  const repository = registry.repository(`${prefix}/blobs`);
  const bytes = bytesOf(200_000, 13);
  const descriptor = blobOf(bytes);
  await repository.push(descriptor, bytes);
  const part = await readBytes(await repository.fetchRange(descriptor, 70_000, 65_000), { limit: 65_000 });
  expect(equalBytes(part, bytes.slice(70_000, 135_000))).toBe(true);
}

async function tagPages(registry: RegistryEndpoint, { prefix }: WorkflowOptions): Promise<void> {
  const repository = registry.repository(`${prefix}/tags`);
  const descriptor = await pushArtifact(repository, 'application/vnd.test.image');
  const names = ['B', 'a', 'b', 'c1', 'c2', 'd'];
  for (const name of names) await repository.tag(descriptor, name);
  const found: string[] = [];
  for await (const tag of repository.tags({ pageSize: 2 })) found.push(tag);
  expect(found.sort()).toEqual(names);
}

async function compareAndSwap(registry: RegistryEndpoint, { prefix }: WorkflowOptions): Promise<void> {
  const repository = registry.repository(`${prefix}/swap`);
  const [one, two] = [
    await pushArtifact(repository, 'application/vnd.one'),
    await pushArtifact(repository, 'application/vnd.two'),
  ];
  await repository.tag(one, 'v1', { ifMatch: null });
  await expect(repository.tag(two, 'v1', { ifMatch: null })).rejects.toMatchObject({ code: 'ERR_OCI_CONFLICT' });
  await expect(repository.tag(two, 'v1', { ifMatch: two.digest })).rejects.toMatchObject({ code: 'ERR_OCI_CONFLICT' });
  await repository.tag(two, 'v1', { ifMatch: one.digest });
  expect((await repository.resolve('v1')).digest).toBe(two.digest);
}

async function sha512(registry: RegistryEndpoint, options: WorkflowOptions): Promise<void> {
  if (options.sha512 === false) return;
  const repository = registry.repository(`${options.prefix}/sha512`);
  const bytes = bytesOf(5_000, 17);
  const descriptor = { ...blobOf(bytes), digest: digestOf(bytes, 'sha512') };
  await repository.push(descriptor, bytes);
  expect(equalBytes(await whole(repository, descriptor), bytes)).toBe(true);
}

async function deletion(registry: RegistryEndpoint, options: WorkflowOptions): Promise<void> {
  if (options.deletion === false) return;
  const repository = registry.repository(`${options.prefix}/deletion`);
  const subject = await pushArtifact(repository, 'application/vnd.test.image');
  const referrer = await pushArtifact(repository, notarySignature, { subject });
  await repository.tag(subject, 'v1');
  await repository.tag(subject, 'v2');
  await repository.untag('v1');
  await expect(repository.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  await repository.delete(referrer);
  expect(await list(repository.referrers(subject))).toEqual([]);
  await repository.delete(subject);
  await expect(repository.resolve('v2')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  expect(await repository.exists(subject)).toBe(false);
}

async function missing(registry: RegistryEndpoint, { prefix }: WorkflowOptions): Promise<void> {
  const repository = registry.repository(`${prefix}/nothing`);
  const absent = blobOf(utf8('absent'));
  const code = 'ERR_OCI_NOT_FOUND';
  expect(await repository.exists(absent)).toBe(false);
  await expect(repository.fetch(absent)).rejects.toMatchObject({ code });
  await expect(repository.resolve('v1')).rejects.toMatchObject({ code });
  await expect(fetchBytes(repository, { ...absent, mediaType: mediaTypes.imageManifest })).rejects.toMatchObject({
    code,
  });
}
