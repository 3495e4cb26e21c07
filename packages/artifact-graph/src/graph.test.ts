import { utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import {
  type Descriptor,
  describe as describeBytes,
  type MemoryRepository,
  mediaTypes,
  memoryRepository,
} from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import {
  attachReferrer,
  collect,
  copyGraph,
  discover,
  packArtifact,
  referrersOf,
  tagArtifact,
  untagArtifact,
} from './index.js';

const octets = mediaTypes.octetStream;

async function image(repository: MemoryRepository, name: string, size = 10): Promise<Descriptor> {
  const content = new Uint8Array(size).fill(name.length);
  const layers = [
    { mediaType: octets, content: utf8(name) },
    { mediaType: octets, content: () => streamOf(content) },
  ];
  return (await packArtifact(repository, { artifactType: 'application/vnd.test.image', layers })).descriptor;
}

async function index(repository: MemoryRepository, entries: readonly Descriptor[]): Promise<Descriptor> {
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: entries }));
  const descriptor = describeBytes(mediaTypes.imageIndex, bytes);
  await repository.push(descriptor, bytes);
  return descriptor;
}

async function signed(
  repository: MemoryRepository,
  subject: Descriptor,
  type = 'application/vnd.test.signature',
): Promise<Descriptor> {
  const layers = [{ mediaType: octets, content: utf8(`${type} of ${subject.digest}`) }];
  return (await attachReferrer(repository, subject, { artifactType: type, layers })).descriptor;
}

/** An index of two platforms, tagged v1: everything signed, an SBOM on one image and a signature on the SBOM. */
async function release(repository: MemoryRepository) {
  const amd = await image(repository, 'amd64');
  const arm = await image(repository, 'arm64', 2 * 1024 * 1024);
  const root = await index(repository, [
    { ...amd, platform: { os: 'linux', architecture: 'amd64' } },
    { ...arm, platform: { os: 'linux', architecture: 'arm64' } },
  ]);
  const sbom = await signed(repository, amd, 'application/vnd.test.sbom');
  const signatures = [root, amd, arm, sbom];
  for (const subject of signatures) await signed(repository, subject);
  await repository.tag(root, 'v1');
  return { root, amd, arm, sbom };
}

const repositories = () => [memoryRepository('source.test/app'), memoryRepository('target.test/app')] as const;

async function contents(repository: MemoryRepository): Promise<string[]> {
  const digests: string[] = [];
  for await (const { digest } of repository.contents()) digests.push(digest);
  return digests.sort();
}

describe('copy', () => {
  it('takes referrers of the root, of an index entry and of referrers along', async () => {
    const [source, target] = repositories();
    const { root } = await release(source);
    const outcome = await copyGraph(source, target, { reference: 'v1', assert: 'graph' });
    expect(outcome.root.digest).toBe(root.digest);
    expect((await target.resolve('v1')).digest).toBe(root.digest);
    expect(await contents(target)).toEqual(await contents(source));
    expect(outcome.copied.nodes).toBe((await contents(source)).length);
  });

  it('sends only what is missing the second time', async () => {
    const [source, target] = repositories();
    await release(source);
    await copyGraph(source, target, { reference: 'v1' });
    const again = await copyGraph(source, target, { reference: 'v1' });
    expect(again.copied).toEqual({ nodes: 0, bytes: 0 });
    expect(again.tags).toMatchObject([{ tag: 'v1', changed: false }]);
  });

  it('L2 copies missing content below a manifest that exists already', async () => {
    const [source, target] = repositories();
    const { amd } = await release(source);
    await copyGraph(source, target, { reference: 'v1' });
    const tree = await discover(target, amd);
    const layer = tree.manifest.kind === 'image' ? tree.manifest.layers[0] : undefined;
    await target.delete(layer!);
    const again = await copyGraph(source, target, { reference: 'v1' });
    expect(again.copied.nodes).toBe(1);
    await expect(copyGraph(source, target, { reference: 'v1', existing: 'trust' })).resolves.toMatchObject({
      copied: { nodes: 0 },
    });
  });

  it('chooses platforms', async () => {
    const [source, target] = repositories();
    const { amd, root } = await release(source);
    const one = await copyGraph(source, target, { reference: 'v1', platforms: ['linux/amd64'] });
    expect(one.root.digest).toBe(amd.digest);
    const both = await copyGraph(source, target, { reference: 'v1', platforms: ['linux/amd64', 'linux/arm64'] });
    expect(both.source.digest).toBe(root.digest);
    await expect(copyGraph(source, target, { reference: 'v1', platforms: ['linux/s390x'] })).rejects.toMatchObject({
      code: 'ERR_GRAPH_INVALID',
    });
  });

  it('copies referrers by type or not at all', async () => {
    const [source, target] = repositories();
    const { amd } = await release(source);
    await copyGraph(source, target, { reference: 'v1', referrers: { artifactTypes: ['application/vnd.test.sbom'] } });
    const types = [...referrersOf(await discover(target, 'v1'))].map(({ node }) => node.manifest.artifactType);
    expect(types).toEqual(['application/vnd.test.sbom']);
    const other = memoryRepository('other.test/app');
    await copyGraph(source, other, { reference: amd.digest, referrers: false, tag: ['a', 'b'] });
    expect([...referrersOf(await discover(other, 'a'))]).toEqual([]);
    expect((await other.resolve('b')).digest).toBe(amd.digest);
  });

  it('writes nothing to the target when the verifier refuses', async () => {
    const [source, target] = repositories();
    await release(source);
    const verify = async () => {
      throw new Error('not signed by us');
    };
    await expect(copyGraph(source, target, { reference: 'v1', verify })).rejects.toMatchObject({
      code: 'ERR_GRAPH_REFUSED',
    });
    expect(await contents(target)).toEqual([]);
  });

  it('reports the totals', async () => {
    const [source, target] = repositories();
    await release(source);
    const phases = new Set<string>();
    let last = { done: 0, total: 0 };
    await copyGraph(source, target, {
      reference: 'v1',
      onProgress: ({ phase, bytes }) => {
        phases.add(phase);
        last = bytes;
      },
    });
    expect(last.done).toBe(last.total);
    expect([...phases]).toEqual(['verify', 'copy', 'assert', 'tag', 'done']);
  });

  it('says which side failed and what was written', async () => {
    const [source, target] = repositories();
    const { arm } = await release(source);
    const tree = await discover(source, arm);
    if (tree.manifest.kind === 'image') await source.delete(tree.manifest.layers[1]!);
    const failure = await copyGraph(source, target, { reference: 'v1' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'ERR_GRAPH_COPY',
      detail: { side: 'source', repository: 'source.test/app' },
    });
    await expect(target.resolve('v1')).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    await expect(target.resolve(arm.digest)).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  });
});

describe('discover', () => {
  it('gives a tree with referrers of an index entry and of referrers', async () => {
    const [source] = repositories();
    await release(source);
    const found = [...referrersOf(await discover(source, 'v1'))];
    expect(found.map(({ depth }) => depth).filter((depth) => depth === 1)).toHaveLength(4);
    expect([...referrersOf(await discover(source, 'v1', { depth: 1 }))]).toHaveLength(4);
    expect([...referrersOf(await discover(source, 'v1', { manifests: false }))]).toHaveLength(1);
  });

  it('P6 skips and reports what only claims to be a referrer', async () => {
    const [source] = repositories();
    const { root, amd } = await release(source);
    const lying = {
      ...source,
      async *referrers() {
        yield amd;
      },
    };
    const tree = await discover(lying, root, { manifests: false });
    expect(tree.referrers).toEqual([]);
    expect(tree.setAside).toMatchObject([{ reason: 'noSubject' }]);
  });

  it('L3 ends at the limits', async () => {
    const [source] = repositories();
    let top = await image(source, 'bottom');
    for (let i = 0; i < 20; i++) top = await index(source, [top]);
    await expect(discover(source, top)).rejects.toMatchObject({ code: 'ERR_GRAPH_LIMIT' });
    await expect(discover(source, top, { maxDepth: 30 })).resolves.toBeDefined();
    await expect(discover(source, top, { maxDepth: 30, maxNodes: 10 })).rejects.toMatchObject({
      code: 'ERR_GRAPH_LIMIT',
    });
  });
});

describe('tagArtifact', () => {
  it('compares and swaps', async () => {
    const [source] = repositories();
    const { amd, arm } = await release(source);
    const first = await tagArtifact(source, amd, 'stable', { ifMatch: null });
    expect(first.tags).toEqual([
      { tag: 'stable', before: null, after: amd.digest, changed: true, guard: 'compare-and-swap' },
    ]);
    await expect(tagArtifact(source, arm, 'stable', { ifMatch: null })).rejects.toMatchObject({
      code: 'ERR_GRAPH_TAG',
    });
    await expect(untagArtifact(source, 'stable', { ifMatch: arm.digest })).rejects.toMatchObject({
      code: 'ERR_GRAPH_TAG',
    });
    expect(await untagArtifact(source, 'stable')).toMatchObject({ before: amd.digest, after: null, changed: true });
  });

  it('D13 sets none of several tags when one of them has moved', async () => {
    const [source] = repositories();
    const { amd, arm } = await release(source);
    await tagArtifact(source, arm, ['v1', 'v1.2']);
    await tagArtifact(source, amd, 'v1.2.3');
    const tagging = tagArtifact(source, amd, ['v1', 'v1.2', 'v1.2.3'], { ifMatch: arm.digest });
    await expect(tagging).rejects.toMatchObject({ code: 'ERR_GRAPH_TAG', detail: { tag: 'v1.2.3', changed: [] } });
    expect((await source.resolve('v1')).digest).toBe(arm.digest);
    const copying = copyGraph(source, source, { reference: amd, tag: ['v1', 'v1.2.3'], ifMatch: arm.digest });
    await expect(copying).rejects.toMatchObject({ code: 'ERR_GRAPH_TAG', detail: { changed: [] } });
    expect((await source.resolve('v1')).digest).toBe(arm.digest);
  });

  it('D13 reports which tags were set when a later one fails', async () => {
    const [source] = repositories();
    const { amd, arm } = await release(source);
    await tagArtifact(source, arm, ['v1', 'v2']);
    const taken = {
      ...source,
      tag: async (...given: Parameters<typeof source.tag>) => {
        if (given[1] === 'v2') await source.tag(amd, 'v2');
        await source.tag(...given);
      },
    };
    const changed = [{ tag: 'v1', before: arm.digest, after: amd.digest, changed: true }];
    await expect(tagArtifact(taken, amd, ['v1', 'v2'], { ifMatch: arm.digest })).rejects.toMatchObject({
      code: 'ERR_GRAPH_TAG',
      detail: { tag: 'v2', changed },
    });
    await tagArtifact(source, arm, ['v1', 'v2']);
    const down = {
      ...source,
      tag: async (...given: Parameters<typeof source.tag>) => {
        if (given[1] === 'v2') throw new Error('down');
        await source.tag(...given);
      },
    };
    await expect(tagArtifact(down, amd, ['v1', 'v2'])).rejects.toMatchObject({
      code: 'ERR_GRAPH_TAG',
      cause: { message: 'down' },
      detail: { tag: 'v2', changed },
    });
  });

  it('never tags an incomplete graph', async () => {
    const [source] = repositories();
    const { root, amd } = await release(source);
    await source.delete(amd);
    await expect(tagArtifact(source, root, 'v2')).rejects.toMatchObject({ code: 'ERR_GRAPH_INCOMPLETE' });
  });
});

describe('collect', () => {
  it('keeps what is reachable from tags, with referrers, and lists what it would remove', async () => {
    const [source] = repositories();
    const { root } = await release(source);
    const whole = await contents(source);
    const loose = await image(source, 'loose');
    const signature = await signed(source, loose);
    const plan = await collect(source);
    expect(plan).toMatchObject({ dryRun: true });
    expect(plan.garbage.slice(0, 2)).toMatchObject([
      { descriptor: { digest: signature.digest }, reason: 'orphaned-referrer' },
      { descriptor: { digest: loose.digest }, reason: 'untagged' },
    ]);
    const done = await collect(source, { dryRun: false });
    expect(done.garbage).toEqual(plan.garbage);
    expect(await contents(source)).toEqual(whole);
    await source.untag('v1');
    expect((await collect(source, { dryRun: false })).kept).toBe(0);
    await expect(source.resolve(root.digest)).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
  });
});

describe('packArtifact', () => {
  it('gives an equal digest for equal content, and needs a type', async () => {
    const [source, target] = repositories();
    expect((await image(source, 'same')).digest).toBe((await image(target, 'same')).digest);
    await expect(packArtifact(source, {})).rejects.toMatchObject({ code: 'ERR_GRAPH_INVALID' });
  });
});
