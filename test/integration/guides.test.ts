// Every code block of every guide: programs are type-checked and run, lines are run, and what they print is compared.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blocksOf, isProgram } from '../support/guides/blocks.js';
import { createDesk } from '../support/guides/desk.js';
import { installedPackages, playGuide } from '../support/guides/play.js';
import { buildPrograms, type Guide, type Programs } from '../support/guides/programs.js';
import { setups } from '../support/guides/setups.js';
import { checkTypes } from '../support/guides/types.js';

const folder = 'docs/guides';
const guides: readonly Guide[] = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && name !== 'index.md')
  .map((name) => ({ name: name.slice(0, -3), blocks: blocksOf(readFileSync(join(folder, name), 'utf8')) }));

let programs: Programs;
beforeAll(async () => {
  programs = await buildPrograms(guides);
});
afterAll(() => programs[Symbol.asyncDispose]());

it('the programs of all guides type-check', async () => {
  expect(await checkTypes(programs.sources)).toBe('');
});

it.skipIf(process.platform === 'win32').each(guides)('$name: a stranger gets from top to end', async (guide) => {
  const desk = await createDesk(programs, guide.name);
  const { env = {}, replacements = {}, close } = (await setups[guide.name]?.(desk, programs)) ?? {};
  Object.assign(desk.env, env);
  try {
    await playGuide(guide, desk, new Map(Object.entries(replacements)));
    const installed = await installedPackages(desk);
    expect(importsOf(guide).filter((name) => !installed.has(name))).toEqual([]);
  } finally {
    await close?.();
    await desk[Symbol.asyncDispose]();
  }
});

/** The packages that programs of a guide import. */
function importsOf({ blocks }: Guide): readonly string[] {
  return blocks
    .filter(isProgram)
    .flatMap(({ code }) => [...code.matchAll(/(?:from|import\() ?'([^'.][^']*)'/g)].map(([, name = '']) => name))
    .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}
