import type { Digest } from '@notarykit/oci';
import { expect, it } from 'vitest';
import { clusterOf } from '../../support/summary-cluster.js';
import { createSummaryWorld, report, scanType } from '../../support/summary-world.js';

it('GS1 admission accepts a summary in place of the evidence, and looks at the whole graph where it does not hold', async () => {
  const world = await createSummaryWorld();
  const before = clusterOf(world);
  expect(await before.ask()).toMatchObject({ outcome: 'trusted' });
  await world.attest();
  const after = clusterOf(world);
  const verdict = await after.ask();
  expect(verdict).toMatchObject({ outcome: 'trusted' });
  expect(after.read.size).toBeLessThan(before.read.size / 2);
  for (const { digest } of world.platforms) expect(after.read).not.toContain(digest);
  await world.attach(world.platforms[0] as never, scanType, report(['CVE-2026-1'], 'newer'));
  expect(await clusterOf(world).ask()).toMatchObject({ outcome: 'denied', code: 'GATE_DENIED' });
});

it('GS6 a verdict that rests on a summary is remembered no longer than the summary counts', async () => {
  const world = await createSummaryWorld();
  const statement = await world.statement();
  const end = new Date(Date.now() + 60_000);
  (statement.predicate['notarykit_gate'] as Record<string, unknown>)['validUntil'] = end.toISOString();
  await world.forge(statement);
  const { validUntil } = (await clusterOf(world).ask()) as { readonly validUntil?: Date };
  expect(validUntil?.getTime()).toBeLessThanOrEqual(end.getTime());
});

it('GS8 a summary that the policy of the cluster takes back is not accepted', async () => {
  const world = await createSummaryWorld();
  const { digest } = await world.attest();
  const readsPlatforms = async (revokedSummaries: readonly Digest[]) => {
    const { read, ask } = clusterOf(world, { revokedSummaries });
    expect(await ask()).toMatchObject({ outcome: 'trusted' });
    return world.platforms.every((platform) => read.has(platform.digest));
  };
  expect(await readsPlatforms([`sha256:${'e'.repeat(64)}`])).toBe(false);
  for (const revoked of [digest, world.root.digest]) expect(await readsPlatforms([revoked])).toBe(true);
});
