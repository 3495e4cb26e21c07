import { createBundle } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleForBrowser, runAsBrowser } from '../../support/browser-bundle.js';
import { createBundleLab, trustOf } from '../../support/bundle/lab.js';
import type * as portable from '../../support/bundle/portable.js';

let script: string;
beforeAll(async () => {
  script = await bundleForBrowser('test/support/bundle/portable.ts');
}, 60_000);

describe('a bundle in a browser', () => {
  it('is verified in a browser, without Node', async () => {
    expect(script).not.toMatch(/["']node:/);
    const lab = await createBundleLab();
    const { policy, trustStore, document } = trustOf(lab, lab.repository.name);
    const revocation = { fetch: lab.services.fetch };
    const input = { repository: lab.repository, reference: 'v1' };
    const bytes = await (await createBundle(input, { policy, trustStore, revocation })).bytes();
    const page = runAsBrowser<typeof portable>(script);
    const trust = { policy: page.parseTrustPolicy(document), trustStore: page.memoryTrustStore(lab.trustStore) };
    const { artifacts } = await page.verifyBundle(new Blob([bytes as BlobPart]).stream(), trust);
    expect(artifacts.map(({ verdict }) => [verdict.verdict, verdict.digest])).toEqual([
      ['trusted', lab.artifact.digest],
    ]);
    await expect(page.verifyBundle(bytes.subarray(0, 1000), trust)).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
  });
});
