import { packArtifact } from '@notarykit/artifact-graph';
import { describe, expect, it } from 'vitest';
import { image, repositories } from './release.js';

describe('packArtifact', () => {
  it('gives an equal digest for equal content, and needs a type', async () => {
    const [source, target] = repositories();
    expect((await image(source, 'same')).digest).toBe((await image(target, 'same')).digest);
    await expect(packArtifact(source, {})).rejects.toMatchObject({ code: 'ERR_GRAPH_INVALID' });
  });
});
