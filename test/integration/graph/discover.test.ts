import { discover, referrersOf } from '@notarykit/artifact-graph';
import { describe, expect, it } from 'vitest';
import { index } from './content.js';
import { image, release, repositories } from './release.js';

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
