import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly gypfile?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly provenance?: boolean };
}

const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const packages = readdirSync('packages').map((name) => realpathSync(join('packages', name)));

/** Where a package finds one of its dependencies. */
function folderOf(from: string, name: string): string {
  for (let at = from; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name);
    try {
      return realpathSync(path);
    } catch {
      if (at === dirname(at)) throw new Error(`${from} does not find ${name}`);
    }
  }
}

/** Folders of everything that is there at run time when our packages are installed. */
function closure(): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (folder: string): void => {
    if (found.has(folder)) return;
    found.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) visit(folderOf(folder, name));
  };
  for (const folder of packages) visit(folder);
  return found;
}

const foreign = [...closure()].filter((folder) => !packages.includes(folder));

describe('X6 what is installed with our packages', () => {
  it.each(foreign.map((folder) => [manifestOf(folder).name, folder]))(
    'X6 %s runs nothing when it is installed, and is JavaScript alone',
    (_, folder) => {
      const { scripts = {}, gypfile } = manifestOf(folder);
      for (const name of ['preinstall', 'install', 'postinstall']) expect(scripts[name]).toBeUndefined();
      expect(gypfile).not.toBe(true);
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      expect(files.filter((file) => /(?:^|\/)binding\.gyp$|\.(?:node|dll|so|dylib|wasm)$/.test(file))).toEqual([]);
    },
  );

  it('X6 is known to the lock file by version and hash', () => {
    const lock = parse(readFileSync('pnpm-lock.yaml', 'utf8')) as {
      packages: Readonly<Record<string, { readonly resolution: { readonly integrity?: string } }>>;
    };
    for (const { name, version } of foreign.map(manifestOf))
      expect(lock.packages[`${name}@${version}`]?.resolution.integrity, name).toMatch(/^sha512-/);
  });

  it('X6 is asked for by ranges with an end', () => {
    const { catalog } = parse(readFileSync('pnpm-workspace.yaml', 'utf8')) as { catalog: Record<string, string> };
    for (const folder of packages) {
      const { name, dependencies = {} } = manifestOf(folder);
      for (const [dependency, written] of Object.entries(dependencies)) {
        const range = written === 'catalog:' ? catalog[dependency] : written;
        expect(range, `${name}: ${dependency}`).toMatch(/^(?:workspace:\*|[\^~]?\d+\.\d+\.\d+)$/);
      }
    }
  });

  it('X6 our own packages are published with provenance, and run nothing when they are installed', () => {
    for (const { name, publishConfig, scripts = {} } of packages.map(manifestOf)) {
      expect(publishConfig?.provenance, name).toBe(true);
      for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
        expect(scripts[script], name).toBeUndefined();
    }
  });
});
