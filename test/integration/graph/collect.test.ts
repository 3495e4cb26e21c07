import { collect } from '@notarykit/artifact-graph';
import { describe, expect, it } from 'vitest';
import { contents, image, release, repositories, signed } from './release.js';

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
