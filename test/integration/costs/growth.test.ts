import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyGraph, discover, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import {
  type Descriptor,
  describe as describeContent,
  type MemoryRepository,
  mediaTypes,
  memoryRepository,
  type Repository,
} from '@notarykit/oci';
import { buildIndexDocument, layoutTar, readLayoutTar } from '@notarykit/oci/internal';
import { createRegistry } from '@notarykit/registry-client';
import { openLayout } from '@notarykit/registry-client/node';
import { createEmbeddedRegistry, createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy, selectStatement, type TrustPolicy } from '@notarykit/trust-policy';
import { audit, createBundle, sign, verify, verifyBundle } from 'notarykit';
import { afterAll, describe, expect, it } from 'vitest';
import { countCalls } from '../../support/call-counts.js';

/** Work over something that was made ready before. */
type Made = () => unknown;

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => void (await Promise.all(closing.map((close) => close()))));

/** How many times more calls four times the size takes: 4 is a straight line, 16 is quadratic. */
async function grows(size: number, make: (size: number) => Made | Promise<Made>): Promise<number> {
  const [first, small, large] = [await make(size), await make(size), await make(4 * size)];
  // What is kept by the process is filled; what is kept by what was made is not.
  await first();
  const once = await countCalls(small);
  return (await countCalls(large)) / once;
}

const empty = describeContent(mediaTypes.empty, utf8('{}'));

function manifest(i: number, subject?: Descriptor): Uint8Array {
  const members = { schemaVersion: 2, mediaType: mediaTypes.imageManifest, artifactType: 'application/vnd.example' };
  const annotations = { 'org.example.number': String(i) };
  return utf8(JSON.stringify({ ...members, config: empty, layers: [empty], annotations, ...(subject && { subject }) }));
}

async function push(repository: Repository, bytes: Uint8Array): Promise<Descriptor> {
  const descriptor = describeContent(mediaTypes.imageManifest, bytes);
  await repository.push(descriptor, bytes);
  return descriptor;
}

/** So many artifacts with a tag and a referrer each. */
async function fill(repository: Repository, size: number): Promise<readonly Descriptor[]> {
  await repository.push(empty, utf8('{}'));
  const artifacts: Descriptor[] = [];
  for (let i = 0; i < size; i++) {
    const artifact = await push(repository, manifest(i));
    await repository.tag(artifact, `v${i}`);
    await push(repository, manifest(i, artifact));
    artifacts.push(artifact);
  }
  return artifacts;
}

/** Looks up each artifact by its tag, and its referrers. */
async function lookUp(repository: Repository, artifacts: readonly Descriptor[]): Promise<void> {
  for (const [i, artifact] of artifacts.entries()) {
    expect((await repository.resolve(`v${i}`)).digest).toBe(artifact.digest);
    let found = 0;
    for await (const _ of repository.referrers(artifact)) found++;
    expect(found).toBe(1);
  }
}

function registryOf(options: Parameters<typeof createEmbeddedRegistry>[0] = {}) {
  const registry = createEmbeddedRegistry(options);
  closing.push(() => registry.close());
  return { registry, repository: createRegistry({ registry: 'bench.test', fetch: registry.fetch }).repository('app') };
}

async function seedReferrers(
  { registry, repository }: ReturnType<typeof registryOf>,
  size: number,
): Promise<Descriptor> {
  await repository.push(empty, utf8('{}'));
  const subject = await push(repository, manifest(0));
  const manifests = Array.from({ length: size }, (_, i) => ({
    bytes: manifest(i, subject),
    mediaType: mediaTypes.imageManifest,
  }));
  await registry.seed('app', { blobs: [utf8('{}')], manifests });
  return subject;
}

/** A policy with one statement for each of so many repositories. */
function policyFor(size: number): TrustPolicy {
  return parseTrustPolicy({
    version: '1.0',
    trustPolicies: Array.from({ length: size }, (_, i) => statement(`s${i}`, `bench.test/app-${i}`)),
  });
}

const statement = (name: string, scope: string): object => ({
  name,
  registryScopes: [scope],
  signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
  trustStores: ['ca:lab'],
  trustedIdentities: ['*'],
});

/** So many signed artifacts, in repositories of four. */
async function signed(size: number) {
  const lab = await createTrustLab();
  closing.push(() => lab.close());
  const open = createRegistry({ registry: 'bench.test', fetch: lab.registry.fetch });
  const inputs: { repository: ReturnType<typeof open.repository>; reference: string }[] = [];
  for (let i = 0; i < size; i++) {
    const repository = open.repository(`app-${i % Math.ceil(size / 4)}`);
    const layers = [{ mediaType: mediaTypes.imageLayerGzip, content: utf8(`layer ${i}`) }];
    const { descriptor } = await packArtifact(repository, { artifactType: 'application/vnd.example', layers });
    await repository.tag(descriptor, `v${i}`);
    await sign(repository, descriptor, { signer: lab.signer });
    inputs.push({ repository, reference: `v${i}` });
  }
  const policy = parseTrustPolicy({ version: '1.0', trustPolicies: [statement('all', '*')] });
  return { inputs, trust: { policy, trustStore: memoryTrustStore(lab.trustStore) } };
}

const works: Readonly<Record<string, readonly [number, (size: number) => Made | Promise<Made>]>> = {
  'each repository of a policy selects its statement': [
    50,
    (size) => {
      const policy = policyFor(size);
      const names = policy.statements.map(({ registryScopes }) => registryScopes[0] as string);
      return () => names.forEach((name) => void selectStatement(policy, name));
    },
  ],
  'artifacts are looked up in a repository in memory': [
    30,
    async (size) => {
      const repository = memoryRepository('bench.test/app');
      const artifacts = await fill(repository, size);
      return () => lookUp(repository, artifacts);
    },
  ],
  'artifacts are looked up in an archive': [
    30,
    async (size) => {
      const repository = memoryRepository('bench.test/app');
      const artifacts = await fill(repository, size);
      const archived = await readLayoutTar(await archiveOf(repository), { name: 'bench.test/app' });
      return () => lookUp(archived, artifacts);
    },
  ],
  'artifacts are looked up in a directory': [
    30,
    async (size) => {
      const repository = memoryRepository('bench.test/app');
      const artifacts = await fill(repository, size);
      const layout = await openLayout(await folderOf(repository), { name: 'bench.test/app' });
      return () => lookUp(layout, artifacts);
    },
  ],
  'repositories are read with a token for each': [
    400,
    async (size) => {
      const accounts = [{ username: 'reader', password: 'secret' }];
      const registry = createEmbeddedRegistry({ auth: { scheme: 'token', accounts } });
      closing.push(() => registry.close());
      const manifests = [{ bytes: manifest(0), mediaType: mediaTypes.imageManifest, tags: ['v1'] }];
      const names = Array.from({ length: size }, (_, i) => `app-${i}`);
      for (const name of names) await registry.seed(name, { manifests });
      const credentials = { get: async () => accounts[0] };
      const open = createRegistry({ registry: 'bench.test', fetch: registry.fetch, credentials });
      return async () => {
        for (const name of names) await open.repository(name).resolve('v1');
      };
    },
  ],
  'tags are listed page by page': [
    60,
    async (size) => {
      const { registry, repository } = registryOf({ tagsPageSize: 5 });
      const one = { bytes: manifest(0), mediaType: mediaTypes.imageManifest };
      await registry.seed('app', { manifests: [{ ...one, tags: Array.from({ length: size }, (_, i) => `v${i}`) }] });
      return async () => {
        let found = 0;
        for await (const _ of repository.tags()) found++;
        expect(found).toBe(size);
      };
    },
  ],
  'untagged manifests are collected': [
    60,
    async (size) => {
      const { registry } = registryOf();
      const manifests = Array.from({ length: size }, (_, i) => ({
        bytes: manifest(i),
        mediaType: mediaTypes.imageManifest,
      }));
      const seed = (): Promise<void> => registry.seed('app', { manifests });
      await seed();
      return async () => {
        await registry.collect({ untagged: true });
        await seed();
      };
    },
  ],
  'referrers are listed in a registry without the API': [
    50,
    async (size) => {
      const setup = registryOf({ referrers: 'tag-schema', sparse: true });
      await setup.repository.push(empty, utf8('{}'));
      const subject = await push(setup.repository, manifest(0));
      const entries = Array.from({ length: size }, (_, i) =>
        describeContent(mediaTypes.imageManifest, manifest(i, subject)),
      );
      return async () => {
        await setup.repository.untag(`sha256-${subject.digest.slice(7)}`).catch(() => undefined);
        await setup.repository.listReferrers?.(subject, entries);
      };
    },
  ],
  'referrers are discovered': [
    30,
    async (size) => {
      const setup = registryOf({ referrersPageSize: 10 });
      const subject = await seedReferrers(setup, size);
      return async () => expect((await discover(setup.repository, subject.digest)).referrers).toHaveLength(size);
    },
  ],
  'referrers are copied': [
    30,
    async (size) => {
      const setup = registryOf();
      const subject = await seedReferrers(setup, size);
      return () => copyGraph(setup.repository, memoryRepository('other.test/app'), { reference: subject.digest });
    },
  ],
  'signatures of one artifact are verified': [
    10,
    async (size) => {
      const { inputs, trust } = await signed(1);
      const [{ repository, reference }] = inputs as [(typeof inputs)[number]];
      const { signer, ...lab } = await createTrustLab();
      closing.push(() => lab.close());
      const own = { ...trust, trustStore: memoryTrustStore(lab.trustStore) };
      for (let i = 0; i < size; i++) await sign(repository, reference, { signer, metadata: { number: String(i) } });
      return () => verify(repository, reference, { ...own, examine: 'all' });
    },
  ],
  'artifacts are audited': [
    15,
    async (size) => {
      const { inputs, trust } = await signed(size);
      return async () => {
        for await (const { verdict } of audit(inputs, trust)) expect(verdict).toBe('trusted');
      };
    },
  ],
  'a bundle is made': [
    10,
    async (size) => {
      const { inputs, trust } = await signed(size);
      return async () => (await createBundle(inputs, { ...trust, content: true })).bytes();
    },
  ],
  'a bundle is verified, its artifacts expected by name': [
    10,
    async (size) => {
      const { inputs, trust } = await signed(size);
      const bytes = await (await createBundle(inputs, { ...trust, content: true })).bytes();
      const expected = inputs.map(({ repository, reference }) => `${repository.name}:${reference}`);
      return async () =>
        expect((await verifyBundle(bytes, { ...trust, expect: expected })).artifacts).toHaveLength(size);
    },
  ],
};

/** The content of a repository in a folder: the quick way, without a sync for each. */
async function folderOf(repository: MemoryRepository): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'growth-'));
  closing.push(() => rm(folder, { recursive: true }));
  const { contents, entries } = await listOf(repository);
  await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
  for (const descriptor of contents) {
    const bytes = await new Response(await repository.fetch(descriptor)).arrayBuffer();
    await writeFile(join(folder, 'blobs', ...descriptor.digest.split(':')), new Uint8Array(bytes));
  }
  await writeFile(join(folder, 'index.json'), buildIndexDocument(entries));
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  return folder;
}

/** The content of a repository as an archive. */
async function archiveOf(repository: MemoryRepository): Promise<Uint8Array> {
  const { contents, entries } = await listOf(repository);
  const files = {
    async *blobs() {
      yield* contents;
    },
    async openBlob(digest: Descriptor['digest']) {
      const descriptor = contents.find((each) => each.digest === digest) as Descriptor;
      const stream = await repository.fetch(descriptor);
      return { size: descriptor.size, stream: () => stream, close: () => stream.cancel() };
    },
  };
  return new Uint8Array(await new Response(layoutTar(files, entries)).arrayBuffer());
}

/** Everything in a repository, and its manifests as `index.json` lists them. */
async function listOf(repository: MemoryRepository) {
  const contents: Descriptor[] = [];
  for await (const descriptor of repository.contents()) contents.push(descriptor);
  const manifests = contents.filter(({ mediaType }) => mediaType === mediaTypes.imageManifest);
  const tags = new Map<string, string>();
  for await (const tag of repository.tags()) tags.set((await repository.resolve(tag)).digest, tag);
  const entries = manifests.map(({ mediaType, digest, size }) => {
    const tag = tags.get(digest);
    const named = tag === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': tag } };
    return { mediaType, digest, size, ...named };
  });
  return { contents, entries };
}

describe('the cost of many', () => {
  // Four times as many take four times the calls, and a little for what grows beside it.
  it.each(Object.entries(works).map(([name, [size, make]]) => [name, size, make] as const))(
    'grows as their number does: %s',
    async (_, size, make) => {
      expect(await grows(size, make)).toBeLessThan(4.7);
    },
  );
});
