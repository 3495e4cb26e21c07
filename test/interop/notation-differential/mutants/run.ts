import type { Case } from '../case.js';
import type { Differential } from '../differential.js';
import type { Foundry } from './foundry.js';
import { mutantOf } from './mutants.js';

const batch = 1500;

/** How many, and from which seed on. */
export interface MutantCount {
  readonly count: number;
  readonly seed: number;
}

/** `NOTARYKIT_MUTANTS` and `NOTARYKIT_MUTANTS_SEED` say otherwise. */
const setting = (name: string, usual: number): number => Number(process.env[name] ?? usual);

/** Compares mutants, batch by batch: the differences that no row explains, each with its seed. */
export async function compareMutants(
  differential: Differential,
  foundry: Foundry,
  usual: MutantCount,
): Promise<readonly unknown[]> {
  const first = setting('NOTARYKIT_MUTANTS_SEED', usual.seed);
  const end = first + setting('NOTARYKIT_MUTANTS', usual.count);
  const found: unknown[] = [];
  for (let at = first; at < end; at += batch) {
    const cases: Case[] = [];
    for (let seed = at; seed < Math.min(at + batch, end); seed++)
      cases.push(await mutantOf(seed, foundry, differential));
    found.push(...(await differential.unexplained(cases)));
  }
  return found;
}
