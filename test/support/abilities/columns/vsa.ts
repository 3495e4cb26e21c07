import { memoryRepository } from '@notarykit/oci';
import { promote } from 'notarykit';
import { expect } from 'vitest';
import { clusterOf } from '../../summary-cluster.js';
import { bySummary, createSummarySetup, inScope, pathOf } from '../../summary-setup.js';
import type { Cell, Column } from '../table.js';

/** What a verb has no use for, since it decides by signatures alone. */
const signaturesAlone: Cell = { none: 'It only looks at signatures: a summary replaces evidence.' };
const needsEvidence: Cell = { none: 'What travels is the evidence: it makes a summary, and accepts none.' };

/** Admission accepts the summary: nothing of a platform is read. */
async function admitted(): Promise<void> {
  const setup = await createSummarySetup();
  await setup.attest();
  const { read, ask } = clusterOf(setup);
  expect((await ask()).verdict).toBe('trusted');
  for (const { digest } of setup.platforms) expect(read).not.toContain(digest);
}

async function promoted(): Promise<void> {
  const setup = await createSummarySetup();
  const target = memoryRepository('production.test/app');
  const options = { ...setup.options, trust: inScope(setup), reference: setup.root, tag: 'v1' };
  await promote(setup.repository, target, { ...options, signer: setup.verifier.signer });
  expect(pathOf(await setup.decide({}, setup.root, target))).toEqual(bySummary);
}

/** Verification summaries: who accepts one in place of the evidence, and who makes one. */
export const vsaColumn: Column = {
  ability: 'VSA',
  cells: {
    gate: async () => {
      const setup = await createSummarySetup();
      await setup.attest();
      expect(pathOf(await setup.decide())).toEqual(bySummary);
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
