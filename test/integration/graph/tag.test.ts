import { copyGraph, tagArtifact, untagArtifact } from '@notarykit/artifact-graph';
import { describe, expect, it } from 'vitest';
import { release, repositories } from './release.js';

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
