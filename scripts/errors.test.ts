// The page of errors has every code that a package can throw, once.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import codePages from '../docs/errors/[code].paths.mjs';
import { CodedError } from '../packages/common/src/index.js';
import { helpOf } from '../packages/notarykit/src/help/help-of.js';
import { errorPage, errorTable } from './error-table.mjs';
import { helpPages, helpPagesPath } from './help-pages.mjs';

const root = resolve(import.meta.dirname, '..');

/** The codes of every union called `…ErrorCode` of the published packages and of the actions; the test doubles have their own. */
function declaredCodes(): string[] {
  const packages = readdirSync(join(root, 'packages')).filter((name) => name !== 'testing');
  const codes = [...packages.map((name) => `packages/${name}`), 'actions']
    .flatMap((folder) => filesOf(join(root, folder, 'src')))
    .flatMap((file) => readFileSync(file, 'utf8').match(/ErrorCode =[^;]*;/g) ?? [])
    .flatMap((union) => union.match(/'ERR_[A-Z0-9_]+'/g) ?? []);
  return [...new Set(codes.map((code) => code.slice(1, -1)))].sort();
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => join(folder, path));
}

it('the table of errors has every code, once', () => {
  const codes = errorTable.flatMap(({ rows }) => rows.map(([code]) => code));
  expect([...codes].sort()).toEqual(declaredCodes());
});

it('docs/errors.md is the table', async () => {
  await expect(errorPage()).toMatchFileSnapshot('../docs/errors.md');
});

it('the source that gives errors their page is made from the table and the homepage', () => {
  expect(readFileSync(join(root, helpPagesPath), 'utf8'), 'run: node scripts/manifests.mjs').toBe(helpPages());
});

it('every code has an address, and every address is a page of the site', () => {
  const { homepage } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly homepage: string };
  const pages = codePages.paths().map(({ params }) => `${homepage}errors/${params.code}`);
  expect(declaredCodes().map((code) => helpOf(new CodedError(code, '')))).toEqual(pages.sort());
});
