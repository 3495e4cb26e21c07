/**
 * Tries the packed packages as users would: package managers, TypeScript, test runners, bundlers, and `require` in every runtime.
 * The last lines say `<consumer>: ok | failed`. It installs from the package registry, so it is a nightly script.
 *
 * node scripts/consumers.mjs [part of a name…]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimes } from '../test/runtimes/list.mjs';
import { entries, pack, portableOf } from './consumers/packed.mjs';
import { bundled, expected, oneModule, page, program, tests } from './consumers/sources.mjs';
import { compilers, libraries, managers, tools } from './consumers/table.mjs';
import { peer } from './peers.mjs';

const wanted = process.argv.slice(2);
const outcomes = new Map();
const root = mkdtempSync(join(tmpdir(), 'notarykit-consumers-'));

/** Runs one consumer, if it was asked for. */
async function consumer(name, work) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) return;
  try {
    await work();
    outcomes.set(name, 'ok');
  } catch (error) {
    outcomes.set(name, 'failed');
    console.error(`${name}: ${error.message}`);
  }
  console.log(`${name}: ${outcomes.get(name)}`);
}

function run(command, args, { cwd, env = {} }) {
  const result = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: 600_000 });
  if (result.status === 0) return result.stdout;
  throw new Error(`${command} ${args.join(' ')}\n${result.stdout.slice(-3000)}${result.stderr.slice(-3000)}`);
}

/** The last line that a program prints must be what was expected. */
function says(text, output) {
  const last = output.trim().split('\n').at(-1);
  if (last !== text) throw new Error(`expected "${text}", found "${last}"`);
}

/** An empty project with these dependencies; overrides, since a tarball of ours names the others by version. */
function project(name, manifest = {}, files = {}) {
  const cwd = join(root, name.replaceAll(/\W+/g, '-'));
  mkdirSync(join(cwd, 'folder'), { recursive: true });
  writeFileSync(join(cwd, 'folder/file.txt'), 'content\n');
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'consumer', private: true, ...manifest }));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text);
  return cwd;
}

const npmInstall = (cwd) => run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd });

function installWith({ name, program: specifier, command = name.split(' ')[0], args }, packages) {
  const cwd = project(
    name,
    { type: 'module', dependencies: packages, pnpm: { overrides: packages }, resolutions: packages },
    { 'use.mjs': program, '.yarnrc.yml': 'nodeLinker: node-modules\nenableTelemetry: false\n', 'yarn.lock': '' },
  );
  const cache = { YARN_CACHE_FOLDER: join(root, 'yarn-cache'), YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', CI: '' };
  if (specifier === undefined) npmInstall(cwd);
  else run('npm', ['exec', '--yes', `--package=${specifier}`, '--', command, ...args], { cwd, env: cache });
  says(expected, run(process.execPath, ['use.mjs'], { cwd }));
}

/** `.cts` is CommonJS, which can import ES modules from TypeScript 5.8 on. */
const waysOf = (compiler) => [
  { module: 'NodeNext', file: 'use.ts' },
  { module: 'ESNext', file: 'use.ts' },
  ...(compiler.startsWith('5.4.') ? [] : [{ module: 'NodeNext', file: 'use.cts' }]),
];

function compile(cwd, compiler, { node, lib }, { module, file }) {
  rmSync(join(cwd, 'node_modules/@types/node'), { recursive: true, force: true });
  if (node !== undefined)
    cpSync(join(cwd, `node_modules/types-${node}`), join(cwd, 'node_modules/@types/node'), { recursive: true });
  const names = node === undefined ? portableOf(entries()) : entries();
  const imports = names.map((entry, i) => `import * as m${i} from '${entry}';`).join('\n');
  writeFileSync(join(cwd, file), `${imports}\nexport const all = [${names.map((_, i) => `m${i}`).join(', ')}];\n`);
  const compilerOptions = {
    target: 'ES2022',
    lib,
    module,
    moduleResolution: module === 'NodeNext' ? 'NodeNext' : 'Bundler',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: node === undefined ? [] : ['node'],
  };
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  run(process.execPath, [`node_modules/typescript-${compiler}/bin/tsc`, '-p', '.', '--pretty', 'false'], { cwd });
}

async function tryCompilers(packages) {
  const aliased = (name, versions) => Object.fromEntries(versions.map((version) => [`${name}-${version}`, version]));
  const nodeTypes = [...new Set(libraries.flatMap(({ node }) => node ?? []))];
  const dependencies = { ...packages };
  for (const [alias, version] of Object.entries(aliased('typescript', compilers)))
    dependencies[alias] = `npm:typescript@${version}`;
  for (const [alias, version] of Object.entries(aliased('types', nodeTypes)))
    dependencies[alias] = `npm:@types/node@${version}`;
  const cwd = project('typescript', { type: 'module', dependencies });
  await consumer('typescript: install', () => npmInstall(cwd));
  for (const compiler of compilers)
    for (const library of libraries)
      await consumer(`typescript ${compiler}, ${library.name}`, () => {
        for (const way of waysOf(compiler)) compile(cwd, compiler, library, way);
      });
}

async function tryTools(packages) {
  const cwd = project(
    'tools',
    { dependencies: packages, devDependencies: tools },
    { ...tests, 'use.mjs': bundled, 'page.mjs': page, ...bundlerFiles },
  );
  await consumer('tools: install', () => {
    run('npm', ['install', '--no-audit', '--no-fund'], { cwd });
  });
  const exec = (...args) => run('npx', ['--no-install', ...args], { cwd });
  const esm = { NODE_OPTIONS: '--experimental-vm-modules' };
  const jest = ['node_modules/jest/bin/jest.js', '--testMatch'];
  await consumer('jest, default', () => exec('jest', 'default.test.js'));
  await consumer('jest, ES modules', () =>
    run(process.execPath, [...jest, '**/jest-esm.test.mjs', '--transform', '{}'], { cwd, env: esm }),
  );
  await consumer('vitest', () => exec('vitest', 'run', 'vitest.test.mjs'));
  await consumer('node:test', () => run(process.execPath, ['--test', 'node.test.mjs'], { cwd }));
  const node = (file) => says(expected, run(process.execPath, [file], { cwd }));
  await consumer('esbuild', () => {
    exec('esbuild', 'use.mjs', '--bundle', '--platform=node', '--outfile=out/esbuild.cjs', '--log-level=error');
    node('out/esbuild.cjs');
    inPage(exec('esbuild', 'page.mjs', '--bundle', '--format=esm', '--log-level=warning'));
  });
  for (const name of ['rollup', 'webpack', 'vite'])
    await consumer(name, () => {
      run(process.execPath, [`${name}.build.mjs`], { cwd });
      node(`out/${name}.mjs`);
      inPage(readFileSync(join(cwd, `out/${name}-page.mjs`), 'utf8'));
    });
}

/** A bundle for pages asks for no module of Node. */
function inPage(code) {
  const asked = code.match(/(?:from\s*|require\(|import\()["'](?:node:[\w/]+|fs|http|https|crypto|stream|zlib)["']/g);
  if (asked !== null) throw new Error(`the bundle for pages asks for ${asked.join(', ')}`);
}

const bundlerFiles = {
  'rollup.build.mjs': `import { rollup } from 'rollup';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import resolve from '@rollup/plugin-node-resolve';
const build = async (input, file, options) => {
  const plugins = [resolve(options), commonjs(), json()];
  const bundle = await rollup({ input, plugins, external: /^node:/, onwarn: () => undefined });
  await bundle.write({ file, format: 'es', inlineDynamicImports: true });
};
await build('use.mjs', 'out/rollup.mjs', { preferBuiltins: true, exportConditions: ['node'] });
await build('page.mjs', 'out/rollup-page.mjs', { browser: true });
`,
  'webpack.build.mjs': `import webpack from 'webpack';
import { resolve } from 'node:path';
const output = { path: resolve('out'), module: true, chunkFormat: 'module' };
const common = { mode: 'production', experiments: { outputModule: true }, optimization: { minimize: false } };
const build = (target, entry, filename) => new Promise((done, refuse) =>
  webpack({ ...common, target, entry, output: { ...output, filename, library: { type: 'module' } } }, (error, stats) =>
    error || stats.hasErrors() ? refuse(error ?? new Error(stats.toString('errors-only'))) : done()));
await build('node20', './use.mjs', 'webpack.mjs');
await build('web', './page.mjs', 'webpack-page.mjs');
`,
  'vite.build.mjs': `import { build } from 'vite';
const make = (entry, name, more) => build({ configFile: false, logLevel: 'error', ...more, build: { ...more.build, outDir: 'out', emptyOutDir: false,
  minify: false, rollupOptions: { input: entry, preserveEntrySignatures: 'allow-extension', output: { entryFileNames: name, format: 'es' } } } });
await make('use.mjs', 'vite.mjs', { ssr: { noExternal: true }, build: { ssr: true } });
await make('page.mjs', 'vite-page.mjs', { build: {} });
`,
};

async function tryRequire(packages) {
  const cwd = project('require', { dependencies: packages });
  await consumer('require: install', () => npmInstall(cwd));
  writeFileSync(join(cwd, 'one-module.cjs'), oneModule(entries()));
  for (const { name, peer: program, kind } of runtimes.filter((runtime) => runtime.kind === 'program'))
    await consumer(`require in ${name}`, async () => {
      const path = await peer(program);
      const [command, args] = name === 'Deno' ? [process.execPath, [path, 'run', '-A', '--no-lock']] : [path, []];
      says('one module each', run(command, [...args, 'one-module.cjs'], { cwd, env: { DENO_NO_UPDATE_CHECK: '1' } }));
      return kind;
    });
}

try {
  const packages = pack(join(root, 'tarballs'));
  for (const manager of managers) await consumer(manager.name, () => installWith(manager, packages));
  await tryRequire(packages);
  await tryCompilers(packages);
  await tryTools(packages);
} finally {
  rmSync(root, { recursive: true, force: true });
}
const failed = [...outcomes.values()].filter((outcome) => outcome === 'failed').length;
console.log(`\n${outcomes.size - failed} ok, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
