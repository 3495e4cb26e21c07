// The map of CONTRIBUTING.md leads to files that exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

it('every path in the map of CONTRIBUTING.md exists', () => {
  const map = readFileSync(resolve(root, 'CONTRIBUTING.md'), 'utf8').match(/^\|.*\|$/gm) ?? [];
  const paths = map.flatMap((row) => row.match(/`[a-z]+\/[^`]*`/g) ?? []).map((path) => path.slice(1, -1));
  expect(paths.length).toBeGreaterThan(25);
  expect(paths.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
});

/** Those at the root, and the pages of the site. */
function documents(): readonly string[] {
  const pages = ['docs', 'docs/guides', 'docs/decisions', 'examples'].flatMap((folder) =>
    readdirSync(resolve(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  );
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CODE_OF_CONDUCT.md', ...pages];
}

it('every link of the documents leads to a file', () => {
  for (const file of documents()) {
    const text = readFileSync(resolve(root, file), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target ?? '');
    expect([file, links.filter((link) => !existsSync(resolve(root, dirname(file), link)))]).toEqual([file, []]);
  }
});
