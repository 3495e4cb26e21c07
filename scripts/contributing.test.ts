// The map of CONTRIBUTING.md leads to files that exist.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

it('every path in the map of CONTRIBUTING.md exists', () => {
  const map = readFileSync(resolve(root, 'CONTRIBUTING.md'), 'utf8').match(/^\|.*\|$/gm) ?? [];
  const paths = map.flatMap((row) => row.match(/`[a-z]+\/[^`]*`/g) ?? []).map((path) => path.slice(1, -1));
  expect(paths.length).toBeGreaterThan(25);
  expect(paths.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
});

it('every link of the documents at the root leads to a file', () => {
  for (const file of ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CODE_OF_CONDUCT.md']) {
    const text = readFileSync(resolve(root, file), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target ?? '');
    expect([file, links.filter((link) => !existsSync(resolve(root, link)))]).toEqual([file, []]);
  }
});
