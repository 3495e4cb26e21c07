import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { bundled } from './scripts/bundled.mjs';
import { licensesOf } from './scripts/third-party-licenses.mjs';

interface Manifest {
  readonly name: string;
  /** Its programs are one file each, with all that they import, for this platform: those of an example, or the `bin` of a package. */
  readonly bundle?: 'node' | 'browser';
  readonly bin?: Record<string, string>;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly exports?: Record<string, string | Record<string, string>>;
  readonly imports?: Record<string, Record<string, string | Record<string, string>>>;
}

const shared: Options = {
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  sourcemap: true,
  // `node:test` and a few others have no other name.
  removeNodeProtocol: false,
  splitting: true,
  // The declarations in dist belong to `tsc -b`: cleaning them here would leave its build info lying.
  clean: false,
  dts: false,
  silent: true,
  // Every bare import stays an import; only our own relative files are bundled.
  external: [/^[^./]/],
};

/**
 * For files that Node runs and nothing bundles again: without white space esbuild leaves out the marks of calls that may be dropped.
 * Names stay, and lines are short enough for a stack trace.
 */
function shorten(options: Parameters<NonNullable<Options['esbuildOptions']>>[0]): void {
  options.minifyWhitespace = true;
  options.minifySyntax = true;
  options.lineLimit = 160;
}

/**
 * A public entry passes on names of the internal one beside it, which packages import of one another: it stays an import, so that each
 * of the two is a file, and neither shares a third with the other (decision 270).
 */
function passedOn(entries: readonly string[]): NonNullable<Options['esbuildPlugins']>[number] {
  const known = new Set(entries.map((file) => resolve(file)));
  return {
    name: 'internal entries',
    setup(build) {
      build.onResolve({ filter: /^\.\/internal(?:\/\w+)?\.js$/ }, ({ path, importer }) =>
        known.has(importer) ? { path, external: true } : undefined,
      );
    },
  };
}

/** One build per published package, its entries derived from `exports` so that the two cannot drift. */
function library(directory: string): Options[] {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  const entry: Record<string, string> = {};
  for (const target of [...Object.values(manifest.exports ?? {}), ...Object.values(manifest.imports ?? {})]) {
    const source = typeof target === 'string' ? undefined : target['@notarykit/source'];
    if (source === undefined) continue;
    for (const file of typeof source === 'string' ? [source] : Object.values(source)) {
      entry[file.replace(/^\.\/src\//, '').replace(/\.ts$/, '')] = join(directory, file);
    }
  }
  if (manifest.bundle === undefined) Object.assign(entry, apartFrom(directory, manifest));
  const programs = programsOf(directory, manifest);
  const outDir = join(directory, 'dist');
  if (manifest.bundle === 'node')
    return [
      { ...shared, name: manifest.name, entry, outDir },
      { ...shared, ...executable(manifest), name: `${manifest.name} (programs)`, entry: programs, outDir },
    ];
  Object.assign(entry, programs);
  const esbuildPlugins = [passedOn(Object.values(entry).filter((file) => !/internal/.test(file)))];
  return Object.keys(entry).length === 0 ? [] : [{ ...shared, name: manifest.name, entry, outDir, esbuildPlugins }];
}

/**
 * Sources that import third-party code are files for themselves in what is published: a bundler drops a file that nothing uses, and
 * keeps an import of a package that does not say it is free of side effects. What the programs of tests use is not bundled for pages.
 */
function apartFrom(directory: string, { name, dependencies = {} }: Manifest): Record<string, string> {
  const others = Object.keys(dependencies).filter((each) => !each.startsWith('@notarykit/') && each !== 'notarykit');
  if (others.length === 0 || name === '@notarykit/testing') return {};
  const imported = new RegExp(`^import [^;]* from '(?:${others.join('|')})['/]`, 'm');
  const source = join(directory, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(?!.*\.test\.ts$).*\.ts$/.test(file),
  );
  // A JSON Schema is made by calls when it is loaded: a bundler keeps them, too.
  const apart = files.filter(
    (file) => basename(file) === 'schema.ts' || imported.test(readFileSync(join(source, file), 'utf8')),
  );
  return Object.fromEntries(apart.map((file) => [file.replaceAll('\\', '/').replace(/\.ts$/, ''), join(source, file)]));
}

/**
 * A file in `bin` starts the program of its name in `dist`, or one that begins with it (`notarykit-verify`): it is there before any
 * build, so that an install can link it.
 */
function programsOf(directory: string, { bin = {} }: Manifest): Record<string, string> {
  const names = Object.values(bin).map((file) => basename(file, '.js'));
  const sources = names.length === 0 ? [] : readdirSync(join(directory, 'src'));
  const found = sources.filter((file) => names.some((name) => file === `${name}.ts` || file.startsWith(`${name}-`)));
  return Object.fromEntries(found.map((file) => [basename(file, '.ts'), join(directory, 'src', file)]));
}

/** One file that is executable where it lies: CommonJS, which needs no `package.json` beside it and starts faster. */
function executable({ peerDependencies = {} }: Manifest): Options {
  const peers = Object.keys(peerDependencies);
  const { esbuildOptions, ...rest } = bundled('node');
  return {
    ...rest,
    // What a user may leave out is loaded from where the user has it.
    external: peers,
    noExternal: [new RegExp(`^(?!(?:${[...peers, 'node'].join('|')})(?:[/:]|$))`)],
    format: 'cjs',
    outExtension: () => ({ js: '.cjs' }),
    banner: { js: '#!/usr/bin/env node' },
    sourcemap: false,
    esbuildPlugins: [licenses],
    esbuildOptions(options, context) {
      esbuildOptions(options, context);
      shorten(options);
      options.metafile = true;
    },
  };
}

/** The licences of what is in the files, beside them: who has the program has copies of third-party code. */
const licenses: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'licenses',
  setup(build) {
    build.onEnd(async ({ metafile }) => {
      const text = await licensesOf(Object.keys(metafile?.inputs ?? {}));
      const folder = build.initialOptions.outdir;
      if (folder === undefined || text.trim() === '') return;
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'THIRD-PARTY-LICENSES.txt'), text);
    });
  },
};

/** Examples and benchmarks: every file directly in `src` is a program. */
function programs(directory: string): Options[] {
  const source = join(directory, 'src');
  if (!existsSync(source)) return [];
  const entry = Object.fromEntries(
    readdirSync(source)
      .filter((file) => /\.tsx?$/.test(file) && !/\.(test|d)\.ts$/.test(file))
      .map((file) => [file.replace(/\.tsx?$/, ''), join(source, file)]),
  );
  if (Object.keys(entry).length === 0) return [];
  const { bundle } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  const own = bundle === undefined ? {} : bundled(bundle);
  return [{ ...shared, ...own, name: directory, entry, outDir: join(directory, 'dist') }];
}

const children = (parent: string): string[] =>
  existsSync(parent)
    ? readdirSync(parent)
        .map((name) => join(parent, name))
        .filter((directory) => existsSync(join(directory, 'package.json')))
    : [];

export default defineConfig([
  ...children('packages').flatMap(library),
  ...children('examples').flatMap(programs),
  ...(existsSync('bench/package.json') ? programs('bench') : []),
]);
