// The map of CONTRIBUTING.md leads to files that exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const map = readFileSync(resolve(root, 'CONTRIBUTING.md'), 'utf8').match(/^\|.*\|$/gm) ?? [];

it.each([
  'a version scheme',
  'a kind of workload',
  'a rule for signing certificates',
  'a source of revocation answers',
  'where credentials come from',
  'how Dockerfiles are read',
  'a lint rule for trust policies',
  'verification levels',
  'a key service',
  'an error code',
  'how a registry differs',
  'a verb, or add one',
  'a check of a signature',
  'a scan format',
  'an SBOM format',
  'a signature algorithm',
  'a hash',
  'leniency towards BER',
  'limits of the graph',
  'what keys a verdict',
])('the map says where to change %s', (change) => {
  expect(map.filter((row) => row.split('|')[1]?.trim() === change)).toHaveLength(1);
});

it('every path in the map of CONTRIBUTING.md exists', () => {
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
