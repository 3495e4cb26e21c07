// Every example in TypeScript of the READMEs and documents compiles, with what it takes for granted declared in one file.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { blocksOf } from '../support/guides/blocks.js';
import { checkTypes } from '../support/guides/types.js';

/** Blocks of `docs/whole-registry.md` are pieces of an example, which a test of their own compares. */
const pages = [
  'README.md',
  'docs/push-by-digest.md',
  ...readdirSync('packages').map((name) => `packages/${name}/README.md`),
];

/** Examples leave their last value unused, and take the first of a list as it comes. */
const asReadersHaveIt = { noImplicitAny: true, noUnusedLocals: false, noUncheckedIndexedAccess: false };

it('the examples of READMEs and documents type-check', async () => {
  // Below `test`, where every package can be imported.
  const cache = resolve('test/node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'readmes-'));
  mkdirSync(join(folder, 'src'));
  try {
    const examples = pages.flatMap((page) =>
      blocksOf(readFileSync(page, 'utf8'))
        .filter(({ language }) => language === 'ts')
        .map(({ code, line }) => ({ name: `${page.replaceAll('/', '_')}_${line}.ts`, code })),
    );
    expect(examples.length).toBeGreaterThan(30);
    const files = examples.map(({ name, code }) => {
      const path = join(folder, 'src', name);
      writeFileSync(path, `${code}\nexport {};\n`);
      return path;
    });
    copyFileSync('test/support/readmes/my-signer.ts', join(folder, 'src/my-signer.ts'));
    expect(await checkTypes([...files, resolve('test/support/readmes/given.ts')], asReadersHaveIt)).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
