import { memoryRepository } from '@notarykit/oci';
import { promote } from 'notarykit';
import { expect } from 'vitest';
import { clusterOf } from '../../summary-cluster.js';
import { bySummary, createSummaryWorld, inScope, pathOf } from '../../summary-world.js';
import type { Cell, Column } from '../table.js';

/** What a verb has no use for, since it decides by signatures alone. */
const signaturesAlone: Cell = { none: 'It only looks at signatures: a summary replaces evidence.' };
const needsEvidence: Cell = { none: 'What travels is the evidence: it makes a summary, and accepts none.' };

/** Admission accepts the summary: nothing of a platform is read. */
async function admitted(): Promise<void> {
  const world = await createSummaryWorld();
  await world.attest();
  const { read, ask } = clusterOf(world);
  expect((await ask()).outcome).toBe('trusted');
  for (const { digest } of world.platforms) expect(read).not.toContain(digest);
}

async function promoted(): Promise<void> {
  const world = await createSummaryWorld();
  const target = memoryRepository('production.test/app');
  const options = { ...world.options, trust: inScope(world), reference: world.root, tag: 'v1' };
  await promote(world.repository, target, { ...options, signer: world.verifier.signer });
  expect(pathOf(await world.decide({}, world.root, target))).toEqual(bySummary);
}

/** Verification summaries: who accepts one in place of the evidence, and who makes one. */
export const vsaColumn: Column = {
  ability: 'VSA',
  cells: {
    gate: async () => {
      const world = await createSummaryWorld();
      await world.attest();
      expect(pathOf(await world.decide())).toEqual(bySummary);
    },
    promote: promoted,
    planPromotion: needsEvidence,
    'verifyWith (admission)': admitted,
    verify: signaturesAlone,
    'copy({ verify })': signaturesAlone,
    audit: signaturesAlone,
    planResigning: signaturesAlone,
    createBundle: signaturesAlone,
    verifyBundle: signaturesAlone,
    verifyBaseImages: signaturesAlone,
    createCachedVerifier: signaturesAlone,
    simulate: signaturesAlone,
    'notarykit verify': signaturesAlone,
    'notarykit audit': signaturesAlone,
    'notarykit copy --verify': signaturesAlone,
    'notarykit bundle create': signaturesAlone,
    'notarykit bundle verify': signaturesAlone,
  },
};
