import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readBytes } from '@notarykit/common';
import { type Descriptor, type Digest, fetchBytes, fetchManifest, type Repository } from '@notarykit/oci';
import { isManifestMediaType, readLayoutTar } from '@notarykit/oci/internal';
import { openLayout, openLayoutTar } from '@notarykit/registry-client/node';
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest';
import { countVectors, vectorJson, vectorList, vectorPath, vectorSet } from '../vectors.js';

interface Expected {
  readonly tags: Record<string, Digest>;
  readonly referrersBySubject: Record<Digest, Digest[]>;
  readonly missing: readonly Digest[];
  readonly blobFiles: number;
  readonly nodes: Record<Digest, { mediaType: string; size: number; effectiveArtifactType?: string }>;
}

async function digests(list: AsyncIterable<Descriptor>): Promise<Digest[]> {
  const all: Digest[] = [];
  for await (const { digest } of list) all.push(digest);
  return all.sort();
}

async function check(layout: Repository & { tags(): AsyncIterable<string> }, expected: Expected): Promise<void> {
  const tags: string[] = [];
  for await (const tag of layout.tags()) tags.push(tag);
  expect(tags).toEqual(Object.keys(expected.tags).sort());
  for (const [tag, digest] of Object.entries(expected.tags))
    expect((await layout.resolve(tag)).digest, tag).toBe(digest);
  for (const [digest, node] of Object.entries(expected.nodes) as [Digest, Expected['nodes'][Digest]][]) {
    const descriptor = { mediaType: node.mediaType, digest, size: node.size };
    if (isManifestMediaType(node.mediaType)) await fetchBytes(layout, descriptor);
    const found = await digests(layout.referrers(descriptor));
    expect(found, digest).toEqual([...(expected.referrersBySubject[digest] ?? [])].sort());
  }
  for (const [subject, list] of Object.entries(expected.referrersBySubject) as [Digest, Digest[]][]) {
    expect(await digests(layout.referrers({ mediaType: 'x/y', digest: subject, size: 1 }))).toEqual([...list].sort());
  }
}

vectorSet('oci', 'oci', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layouts-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  for (const name of ['testrepo', 'oras-e2e-artifacts', 'ggcr-gc-index', 'regclient-external']) {
    it(`layouts/${name}: tags, nodes, referrers; the same after a round trip through a tar`, async (context: TestContext) => {
      const expected = vectorJson('oci', 'layouts', `${name}.expected.json`) as Expected;
      const layout = await openLayout(vectorPath('oci', 'layouts', name));
      await check(layout, expected);
      expect((await digests(layout.contents())).length).toBe(expected.blobFiles);
      const tar = await openLayoutTar(join(folder, `${name}.tar`), { create: true });
      await copyAll(layout, tar, expected);
      await tar.save();
      await tar.close();
      const again = await openLayoutTar(join(folder, `${name}.tar`));
      await check(again, expected);
      await again.close();
      countVectors(context, 1, 1);
    });
  }

  it('layouts/corrupt: opens and lists, every fetch is not-found', async (context) => {
    const expected = vectorJson('oci', 'layouts', 'corrupt.expected.json') as Expected;
    const layout = await openLayout(vectorPath('oci', 'layouts', 'corrupt'));
    for (const [tag, digest] of Object.entries(expected.tags)) {
      const descriptor = await layout.resolve(tag);
      expect(descriptor.digest).toBe(digest);
      expect(await layout.exists(descriptor)).toBe(false);
      await expect(layout.fetch(descriptor)).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    }
    countVectors(context, 1, 1);
  });

  for (const name of ['hello-world.tar', 'hello-world-prefixed-path.tar']) {
    it(`layouts/${name}: docker's archive, read in place`, async (context) => {
      const tar = await openLayoutTar(vectorPath('oci', 'layouts', name));
      const root = await tar.resolve('latest');
      expect(root.digest).toBe('sha256:faa03e786c97f07ef34423fccceeec2398ec8a5759259f94d99078f264e9d7af');
      const { manifest } = await fetchManifest(tar, root);
      const present: Digest[] = [];
      for (const child of manifest.kind === 'index' ? manifest.manifests : [])
        if (await tar.exists(child)) present.push(child.digest);
      expect(present).toEqual(['sha256:f54a58bc1aac5ea1a25d796ae155dc228b3f0e11d046ae276b39c4bf2f13d8c4']);
      await tar.close();
      countVectors(context, 1, 1);
    });
  }

  it('layouts/tar-with-links.tar: links are refused', async (context) => {
    await expect(openLayoutTar(vectorPath('oci', 'layouts', 'tar-with-links.tar'))).rejects.toMatchObject({
      code: 'ERR_OCI_PATH',
    });
    countVectors(context, 1, 1);
  });

  it('L7 hostile/tar: every archive ends in its verdict, and nothing is written', async (context) => {
    const { archives } = vectorJson('oci', 'hostile', 'tar.json');
    const before = await readdir(folder);
    for (const { file, verdict } of archives) {
      const path = vectorPath('oci', 'hostile', file);
      expect(await verdictOf(path), file).toBe(verdict);
      expect(await verdictOf(path, readInMemory), file).toBe(verdict === 'reject-on-read' ? 'reject' : verdict);
    }
    expect(await readdir(folder)).toEqual(before);
    expect(vectorList('oci', 'hostile', 'tar').length).toBe(archives.length);
    countVectors(context, archives.length, archives.length);
  });
});

/** Copies every blob and manifest, children first as `contents` of a source gives no order: manifests after blobs, then tags. */
async function copyAll(
  from: Awaited<ReturnType<typeof openLayout>>,
  to: Repository,
  expected: Expected,
): Promise<void> {
  const all: Descriptor[] = [];
  for await (const descriptor of from.contents()) all.push(descriptor);
  const manifests = all.filter(({ mediaType }) => isManifestMediaType(mediaType));
  for (const descriptor of [...all.filter((one) => !manifests.includes(one)), ...manifests]) {
    await to.push(descriptor, await fetchBytes(from, descriptor, { maxBytes: 64 * 1024 * 1024 }));
  }
  for (const [tag, digest] of Object.entries(expected.tags)) await to.tag(await from.resolve(digest), tag);
}

type OpenTar = Repository & { close?(): Promise<void> };

/** In memory, every blob is hashed when the archive is opened. */
const readInMemory = async (path: string): Promise<OpenTar> =>
  await readLayoutTar(Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>, { name: 'local/archive' });

async function verdictOf(path: string, open: (path: string) => Promise<OpenTar> = openLayoutTar): Promise<string> {
  let tar: OpenTar;
  try {
    tar = await open(path);
  } catch (error) {
    expect((error as { code?: string }).code, path).toMatch(/^ERR_OCI_/);
    return 'reject';
  }
  try {
    return await readVerdict(tar);
  } finally {
    await tar.close?.();
  }
}

async function readVerdict(tar: Repository): Promise<string> {
  let root: Descriptor;
  try {
    root = await tar.resolve('v1');
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_OCI_INVALID' });
    return 'reject-on-resolve';
  }
  try {
    await readBytes(await tar.fetch(root), { limit: root.size });
    return 'accept';
  } catch (error) {
    const { code } = error as { code: string };
    return code === 'ERR_OCI_NOT_FOUND' ? 'accept-sparse' : code.endsWith('_MISMATCH') ? 'reject-on-read' : code;
  }
}
