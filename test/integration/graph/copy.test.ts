import { copyGraph, discover, referrersOf } from '@notarykit/artifact-graph';
import { memoryRepository } from '@notarykit/oci';
import { describe, expect, it } from 'vitest';
import { contents, release, repositories } from './release.js';

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
