import type { Digest } from '@notarykit/oci';
import { expect, it } from 'vitest';
import { clusterOf } from '../../support/summary-cluster.js';
import { createSummarySetup, report, scanType } from '../../support/summary-setup.js';

it('GS1 admission accepts a summary in place of the evidence, and reads the whole graph when it is not valid', async () => {
  const setup = await createSummarySetup();
  const before = clusterOf(setup);
  expect(await before.ask()).toMatchObject({ verdict: 'trusted' });
  await setup.attest();
  const after = clusterOf(setup);
  const verdict = await after.ask();
  expect(verdict).toMatchObject({ verdict: 'trusted' });
  expect(after.read.size).toBeLessThan(before.read.size / 2);
  for (const { digest } of setup.platforms) expect(after.read).not.toContain(digest);
  await setup.attach(setup.platforms[0] as never, scanType, report(['CVE-2026-1'], 'newer'));
  expect(await clusterOf(setup).ask()).toMatchObject({ verdict: 'refused', code: 'GATE_DENIED' });
});

it('GS6 a verdict that rests on a summary is remembered no longer than the summary counts', async () => {
  const setup = await createSummarySetup();
  const statement = await setup.statement();
  const end = new Date(Date.now() + 60_000);
  (statement.predicate['notarykit_gate'] as Record<string, unknown>)['validUntil'] = end.toISOString();
  await setup.forge(statement);
  const { validUntil } = (await clusterOf(setup).ask()) as { readonly validUntil?: Date };
  expect(validUntil?.getTime()).toBeLessThanOrEqual(end.getTime());
});

it('GS8 refuses a summary that the policy of the cluster revokes', async () => {
  const setup = await createSummarySetup();
  const { digest } = await setup.attest();
  const readsPlatforms = async (revokedSummaries: readonly Digest[]) => {
    const { read, ask } = clusterOf(setup, { revokedSummaries });
    expect(await ask()).toMatchObject({ verdict: 'trusted' });
    return setup.platforms.every((platform) => read.has(platform.digest));
  };
  expect(await readsPlatforms([`sha256:${'e'.repeat(64)}`])).toBe(false);
  for (const revoked of [digest, setup.root.digest]) expect(await readsPlatforms([revoked])).toBe(true);
});
