import { beforeAll, describe, expect, test } from 'vitest';
import { Differential } from '../interop/notation-differential/differential.js';
import { createFoundry, type Foundry } from '../interop/notation-differential/mutants/foundry.js';
import { compareMutants } from '../interop/notation-differential/mutants/run.js';

const count = 100_000;
/** Others every day; a failure names the seed of each, and `NOTARYKIT_MUTANTS_SEED` with `NOTARYKIT_MUTANTS=1` makes it again. */
const seedOfToday = Math.floor(Date.now() / 86_400_000) * 1_000_000;

describe('notation-differential', () => {
  const differential = new Differential();
  let foundry: Foundry;

  beforeAll(async () => {
    foundry = await createFoundry(differential);
  });

  test(`${count} mutants, signed anew, before both verifiers`, async () => {
    const unexplained = await compareMutants(differential, foundry, { count, seed: seedOfToday });
    process.stdout.write(`\n${differential.ledger.lines().join('\n')}\n\n`);
    expect(unexplained).toEqual([]);
  });
});
