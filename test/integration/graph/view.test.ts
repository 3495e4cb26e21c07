import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachReferrer, type GraphView, openGraph, packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import {
  type Descriptor,
  describe as describeBytes,
  mediaTypes,
  memoryRepository,
  type Repository,
} from '@notarykit/oci';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeAll, kinds } from './kinds.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-graph-'));
});
afterEach(closeAll);
afterAll(() => rm(folder, { recursive: true }));

async function put(repository: Repository, mediaType: string, document: object): Promise<Descriptor> {
  const bytes = utf8(JSON.stringify(document));
  const descriptor = describeBytes(mediaType, bytes);
  await repository.push(descriptor, bytes);
  return descriptor;
}

const packed = async (repository: Repository, mediaType: string, text: string): Promise<Descriptor> =>
  (await packArtifact(repository, { artifactType: 'a/b', layers: [{ mediaType, content: utf8(text) }] })).descriptor;

const attached = async (repository: Repository, subject: Descriptor, artifactType: string): Promise<Descriptor> =>
  (
    await attachReferrer(repository, subject, {
      artifactType,
      layers: [{ mediaType: 'x/y', content: utf8(artifactType) }],
    })
  ).descriptor;

/** An index of an image, an index of another, and an attestation; a report about the root, with a signature. */
async function release() {
  const repository = memoryRepository('registry.test/app');
  const amd = await packed(repository, 'x/y', 'amd64');
  const arm = await packed(repository, 'x/y', 'arm64');
  const proof = await packed(repository, 'application/vnd.in-toto+json', '{}');
  const index = (manifests: readonly object[]): Promise<Descriptor> =>
    put(repository, mediaTypes.imageIndex, { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests });
  const inner = await index([{ ...arm, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } }]);
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': amd.digest,
  };
  const root = await index([
    { ...amd, platform: { os: 'linux', architecture: 'amd64' } },
    inner,
    { ...proof, platform: { os: 'unknown', architecture: 'unknown' }, annotations },
  ]);
  const report = await attached(repository, root, 'application/vnd.test.report');
  const other = await attached(repository, root, 'application/vnd.test.other');
  const signature = await attached(repository, report, 'application/vnd.test.signature');
  await repository.tag(root, 'v1');
  return { repository, root, amd, arm, proof, report, other, signature };
}

async function typesOf(view: GraphView, subject: Descriptor, artifactTypes?: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const referrer of view.referrers(subject, artifactTypes && { artifactTypes }))
    found.push(referrer.kind === 'referrer' ? `${referrer.artifactType}` : referrer.reason);
  return found.sort();
}

describe.each(kinds)('a view of %s', (_, filled) => {
  async function opened() {
    const lab = await release();
    return { ...lab, view: openGraph(await filled(lab.repository, folder)) };
  }

  it('resolves tags, digests and full references, and nothing of another repository', async () => {
    const { view, root } = await opened();
    for (const reference of ['v1', root.digest, `Registry.test:443/app@${root.digest}`, 'registry.test/app:v1', root])
      expect((await view.resolve(reference)).descriptor.digest).toBe(root.digest);
    await expect(view.resolve('registry.test/other:v1')).rejects.toMatchObject({ code: 'ERR_GRAPH_REFERENCE' });
    await expect(view.resolve('v2')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    await expect(view.resolve(`sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  });

  it('expands an index', async () => {
    const { view, root, amd, arm, proof } = await opened();
    const { index, runnable, attestations } = await view.platforms(root);
    expect(index).toBe(true);
    expect(runnable.map(({ descriptor }) => descriptor.digest)).toEqual([amd.digest, arm.digest]);
    expect(runnable.map(({ platform }) => platform?.variant)).toEqual([undefined, undefined]);
    expect(attestations).toMatchObject([{ descriptor: { digest: proof.digest }, target: amd.digest }]);
  });

  it('lists referrers, all or by type, read or not', async () => {
    const { view, root, report } = await opened();
    const both = ['application/vnd.test.other', 'application/vnd.test.report'];
    expect(await typesOf(view, root)).toEqual(both);
    expect(await typesOf(view, root, both)).toEqual(both);
    expect(await typesOf(view, root, ['application/vnd.test.report'])).toEqual(['application/vnd.test.report']);
    expect(await typesOf(view, report)).toEqual(['application/vnd.test.signature']);
    expect(await typesOf(view, { ...root, digest: `sha256:${'0'.repeat(64)}` })).toEqual([]);
    let listed = 0;
    for await (const { mediaType } of view.listReferrersNow(root)) listed += Number(mediaType !== '');
    expect(listed).toBe(2);
  });

  it('walks to every node, each once', async () => {
    const { view, root, repository } = await opened();
    const expected: string[] = [];
    for await (const { digest } of repository.contents()) expected.push(digest);
    const graph = await view.walk(root, { referrers: 'graph', follow: () => true });
    expect([...graph.nodes.values()].map(({ descriptor }) => descriptor.digest).sort()).toEqual(expected.sort());
    expect(graph).toMatchObject({ setAside: [], missing: [] });
  });

  it('gives blobs, held or streamed', async () => {
    const { view, report } = await opened();
    const { manifest } = await view.manifest(report);
    const [layer] = manifest.kind === 'image' ? manifest.layers : [];
    expect(await new Response(await view.stream(layer!)).text()).toBe('application/vnd.test.report');
    expect(await view.bytes(layer!)).toEqual(utf8('application/vnd.test.report'));
    expect(await new Response(await view.stream(layer!)).text()).toBe('application/vnd.test.report');
  });
});
