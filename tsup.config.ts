import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { bundled } from './scripts/bundled.mjs';

interface Manifest {
  readonly name: string;
  /** Its programs are one file each, with all that they import, for this platform: those of an example, or the `bin` of a package. */
  readonly bundle?: 'node' | 'browser';
  readonly bin?: Record<string, string>;
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
  esbuildOptions(options) {
    // Node reads a file before it runs it: without white space a fifth less. Names stay, and lines are short enough for a stack trace.
    options.minifyWhitespace = true;
    options.minifySyntax = true;
    options.lineLimit = 160;
  },
  // Every bare import stays an import; only our own relative files are bundled.
  external: [/^[^./]/],
};

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
  // A file in `bin` starts the program of its name in `dist`: it is there before any build, so that an install can link it.
  const programs = Object.fromEntries(
    Object.values(manifest.bin ?? {}).map((file) => {
      const name = basename(file, '.js');
      return [name, join(directory, 'src', `${name}.ts`)];
    }),
  );
  const outDir = join(directory, 'dist');
  if (manifest.bundle === 'node')
    return [
      { ...shared, name: manifest.name, entry, outDir },
      { ...shared, ...executable(), name: `${manifest.name} (programs)`, entry: programs, outDir },
    ];
  Object.assign(entry, programs);
  return Object.keys(entry).length === 0 ? [] : [{ ...shared, name: manifest.name, entry, outDir }];
}

/** One file that is executable where it lies: CommonJS, which needs no `package.json` beside it and starts faster. */
function executable(): Options {
  return {
    ...bundled('node'),
    format: 'cjs',
    outExtension: () => ({ js: '.cjs' }),
    banner: { js: '#!/usr/bin/env node' },
    sourcemap: false,
  };
}

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
