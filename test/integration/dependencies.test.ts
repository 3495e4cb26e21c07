import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

/** A row of the tables: names of packages, and who uses them. */
interface Row {
  readonly names: readonly string[];
  readonly users: readonly string[];
}

const manifestOf = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as Manifest;
const foreign = (...lists: (Record<string, string> | undefined)[]): string[] =>
  lists
    .flatMap((list) => Object.keys(list ?? {}))
    .filter((name) => name !== 'notarykit' && !name.startsWith('@notarykit/'));

/** Where those are that the second column names. */
const placesOf: Readonly<Record<string, string>> = { tests: 'test', examples: 'examples', actions: 'actions/src' };
const placeOf = (user: string): string => placesOf[user] ?? `packages/${user}/src`;

async function* sourcesIn(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !['node_modules', 'dist'].includes(entry.name)) yield* sourcesIn(path);
    else if (/\.(?:ts|mjs)$/.test(entry.name)) yield path;
  }
}

/** Bare names that the sources of a folder import, in whatever form, types too. */
async function importedIn(folder: string): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const path of sourcesIn(folder)) {
    const text = (await readFile(path, 'utf8')).replace(/^\s*\*.*$/gm, '');
    for (const [, name] of text.matchAll(importPattern)) found.add(name as string);
  }
  return found;
}

const importPattern = /(?:from|import|import\(|require\()\s*['"]((?:@[\w-]+\/)?[\w.-]+)(?:\/[^'"]*)?['"]/g;

const rowsIn = (text: string): Row[] =>
  [...text.matchAll(/^\| ([^|]*`[^|]*)\|([^|]*)\|/gm)].map(([, names = '', users = '']) => ({
    names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    users: users.split(',').map((user) => user.trim()),
  }));

describe('docs/dependencies.md', () => {
  let page = '';
  let rows: Row[] = [];
  let ofActions: Row[] = [];
  let packages: string[] = [];
  beforeAll(async () => {
    page = await readFile('docs/dependencies.md', 'utf8');
    const [published = '', actions = ''] = page.split('\n## Actions\n');
    rows = rowsIn(published);
    ofActions = rowsIn(actions);
    packages = (await readdir('packages')).filter((name) => existsSync(`packages/${name}/package.json`));
  });

  it('names every dependency that a published package brings, beside the package', async () => {
    const missing: string[] = [];
    for (const folder of packages) {
      const { dependencies, peerDependencies } = await manifestOf(`packages/${folder}`);
      const unnamed = foreign(dependencies).filter(
        (name) => !rows.some(({ names, users }) => names.includes(name) && users.includes(folder)),
      );
      const unsaid = foreign(peerDependencies).filter((name) => !page.includes(`\`${name}\``));
      missing.push(...[...unnamed, ...unsaid].map((name) => `${folder}: ${name}`));
    }
    expect(missing).toEqual([]);
  });

  it('names only dependencies that are in a manifest and imported', async () => {
    const wrong: string[] = [];
    const imports = new Map<string, Set<string>>();
    for (const { names, users } of rows) {
      for (const user of users) {
        const place = placeOf(user);
        if (!imports.has(place)) imports.set(place, await importedIn(place));
        for (const name of names) {
          if (!imports.get(place)?.has(name)) wrong.push(`${user} does not import ${name}`);
          if (placesOf[user] !== undefined) continue;
          const { dependencies, peerDependencies } = await manifestOf(`packages/${user}`);
          if (!foreign(dependencies, peerDependencies).includes(name)) wrong.push(`${user} does not bring ${name}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('names what the actions bundle and import', async () => {
    const { dependencies, devDependencies } = await manifestOf('actions');
    const imported = await importedIn('actions/src');
    const named = ofActions.flatMap(({ names }) => names);
    const held = foreign(dependencies, devDependencies).filter((name) => imported.has(name));
    expect(held.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect(named.filter((name) => !imported.has(name))).toEqual([]);
  });

  it('every version in the catalog is used by a manifest', async () => {
    const catalog = /\ncatalog:\n([\s\S]*?)\n\n/.exec(await readFile('pnpm-workspace.yaml', 'utf8'))?.[1] ?? '';
    const pinned = [...catalog.matchAll(/^ {2}"?([^":#\s]+)"?:/gm)].map(([, name = '']) => name);
    const folders = [
      '.',
      'actions',
      'test',
      'bench',
      'conformance',
      'docs',
      ...packages.map((name) => `packages/${name}`),
    ];
    for (const name of await readdir('examples'))
      if (existsSync(`examples/${name}/package.json`)) folders.push(`examples/${name}`);
    const taken = new Set<string>();
    for (const folder of folders.filter((one) => existsSync(`${one}/package.json`))) {
      const { dependencies, peerDependencies, devDependencies } = await manifestOf(folder);
      for (const name of foreign(dependencies, peerDependencies, devDependencies)) taken.add(name);
    }
    expect(pinned.length).toBeGreaterThan(20);
    expect(pinned.filter((name) => !taken.has(name))).toEqual([]);
  });
});
