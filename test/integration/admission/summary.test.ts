import { cachedVerifier, parseImage, verifyWith } from '@notarykit/admission';
import type { Digest, Repository } from '@notarykit/oci';
import type { Trust } from 'notarykit';
import { expect, it } from 'vitest';
import { createSummaryWorld, report, type SummaryWorld, scanType } from '../../support/summary-world.js';

/** A verifier of a cluster that remembers nothing, and what it has read. */
function clusterOf(world: SummaryWorld) {
  const read = new Set<Digest>();
  const repository: Repository = {
    ...world.repository,
    fetch(descriptor, options) {
      read.add(descriptor.digest);
      return world.repository.fetch(descriptor, options);
    },
  };
  const { policy, trust } = world.options;
  const inScope = { ...trust, scope: 'registry.test/build' } as Trust;
  const verify = cachedVerifier(verifyWith({ policy: { trust: inScope, gate: { policy } }, open: () => repository }));
  const { digest } = world.root;
  return { read, ask: () => verify(parseImage(`registry.test/app@${digest}`), { dryRun: false }) };
}

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
