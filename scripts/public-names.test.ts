import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { borrowed, exportsOf, publicEntries } from './api-report.mjs';

/** Decision 270 has the reason, and what to ask before it is raised. */
const budget = 777;

/** The public names of each package. */
function namesOfPackages(): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const { name, file } of publicEntries())
    all.set(name, new Set([...(all.get(name) ?? []), ...exportsOf(file).keys()]));
  return all;
}

it('the packages have no more public names than their budget', () => {
  const names = new Set([...namesOfPackages().values()].flatMap((each) => [...each]));
  expect(names.size, 'a new name pays with an old one, or with a reason in decision 270').toBeLessThanOrEqual(budget);
});

it('what a public declaration mentions of another package is public there', () => {
  const names = namesOfPackages();
  const missing = [...publicEntries()].flatMap(({ name, entry, file }) =>
    [...borrowed(file)]
      .filter((each) => {
        const [from = '', what = ''] = each.split(' ');
        return names.get(from)?.has(what) !== true;
      })
      .map((each) => `${name}${entry.slice(1)} mentions ${each}`),
  );
  expect(missing).toEqual([]);
});

it('reports have no internal entry, and a main entry beside one only passes names on', () => {
  const entries = [...publicEntries()];
  expect(entries.filter(({ entry }) => entry.includes('internal'))).toEqual([]);
  const twins: Readonly<Record<string, string>> = { '.': 'internal.ts', './node': 'internal/node.ts' };
  const beside = entries.filter(({ file, entry }) => existsSync(join(dirname(file), twins[entry] ?? 'none')));
  expect(beside.map(({ name }) => name)).toContain('@notarykit/oci');
  for (const { file } of beside)
    expect(readFileSync(file, 'utf8'), file).toMatch(
      /^export (?:type )?\{[^}]*\} from '\.\/internal(?:\/node)?\.js';\n$/,
    );
});
