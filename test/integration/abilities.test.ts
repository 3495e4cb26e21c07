import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abilitiesPage } from '../support/abilities/page.js';
import { extendedCases, type PolicyCase, plainCases } from '../support/abilities/policies.js';
import { rows } from '../support/abilities/rows.js';
import { createSetup, type Setup } from '../support/abilities/setup.js';
import { abilities, type Judge } from '../support/abilities/table.js';

let setup: Setup;
beforeAll(async () => {
  setup = await createSetup();
});
afterAll(() => setup.close());

/** A verb gives the verdict of a case, and says why. */
async function check({ selects, reports, judge }: Judge, asked: PolicyCase): Promise<void> {
  const expected = selects === 'name' ? { ...asked, ...asked.named } : asked;
  const { verdict, explanation } = await judge(setup, asked);
  expect({ verdict, explanation }, asked.name).toMatchObject({ verdict: expected.verdict });
  if (reports || verdict === 'refused') expect(explanation, asked.name).toContain(expected.says);
}

describe.each(rows)('$verb', ({ policy, cells = {} }) => {
  if (policy !== undefined) {
    it('plain policy', async () => {
      for (const asked of plainCases(setup)) await check(policy, asked);
    });
    it('extended policy', async () => {
      for (const asked of extendedCases(setup)) await check(policy, asked);
    });
  }
  for (const ability of abilities) {
    const cell = cells[ability];
    if (typeof cell === 'function') it(ability, () => cell(setup));
  }
});

it('docs/abilities.md matches the calls', async () => {
  await expect(abilitiesPage(rows)).toMatchFileSnapshot('../../docs/abilities.md');
});
