import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abilitiesPage } from '../support/abilities/page.js';
import { extendedCases, type PolicyCase, plainCases } from '../support/abilities/policies.js';
import { rows } from '../support/abilities/rows.js';
import { abilities, type Judge } from '../support/abilities/table.js';
import { createWorld, type World } from '../support/abilities/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A verb gives the verdict of a case, and says why. */
async function check({ selects, reports, judge }: Judge, asked: PolicyCase): Promise<void> {
  const expected = selects === 'name' ? { ...asked, ...asked.named } : asked;
  const { verdict, explanation } = await judge(world, asked);
  expect({ verdict, explanation }, asked.name).toMatchObject({ verdict: expected.verdict });
  if (reports || verdict === 'refused') expect(explanation, asked.name).toContain(expected.says);
}

describe.each(rows)('$verb', ({ policy, cells = {} }) => {
  if (policy !== undefined) {
    it('plain policy', async () => {
      for (const asked of plainCases(world)) await check(policy, asked);
    });
    it('extended policy', async () => {
      for (const asked of extendedCases(world)) await check(policy, asked);
    });
  }
  for (const ability of abilities) {
    const cell = cells[ability];
    if (typeof cell === 'function') it(ability, () => cell(world));
  }
});

it('docs/abilities.md says what was called', async () => {
  await expect(abilitiesPage(rows)).toMatchFileSnapshot('../../docs/abilities.md');
});
