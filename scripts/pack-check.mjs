// What a consumer of the published packages would trip over: metadata, types, unused code, second copies, a real install.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { portableOf } from './consumers/packed.mjs';
import { oneModule } from './consumers/sources.mjs';
import { checkKmsConsumer } from './pack-check-kms.mjs';
import { signFiles, tarballOf, writeSboms } from './release.mjs';
import { checkSizes } from './sizes.mjs';

const problems = [];
const folders = readdirSync('packages').map((name) => join('packages', name));
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

function run(what, command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (result.status === 0) return;
  problems.push(what);
  console.log(`${what}\n${result.stdout ?? ''}${result.stderr ?? ''}`);
}

function checkManifest(folder) {
  const manifest = manifestOf(folder);
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
    if (manifest.scripts?.[script] !== undefined) problems.push(`${folder}: install script ${script}`);
  }
  if (manifest.sideEffects !== false) problems.push(`${folder}: sideEffects is not false`);
  if (!existsSync(join(folder, 'README.md')) || readFileSync(join(folder, 'README.md'), 'utf8').split('\n').length < 10)
    problems.push(`${folder}: no real README.md`);
}

/** Two copies of the ASN.1 library give objects that look alike and are not. */
function checkSingleCopies() {
  const lock = readFileSync('pnpm-lock.yaml', 'utf8');
  for (const name of ['asn1js', 'pkijs', 'jose', 'cborg']) {
    const versions = new Set([...lock.matchAll(new RegExp(`^  ${name}@([0-9][^:(]*)`, 'gm'))].map((match) => match[1]));
    if (versions.size > 1)
      problems.push(`${name}: ${versions.size} copies in the lockfile (${[...versions].join(', ')})`);
  }
}

/** The tarball of every package, as a specifier. */
function filesIn(tarballs) {
  return Object.fromEntries(
    folders.map((folder) => {
      const { name, version } = manifestOf(folder);
      return [name, `file:${join(tarballs, tarballOf({ name, version }))}`];
    }),
  );
}

/** What can be imported of the packages. */
function entriesOf(wanted) {
  return folders
    .map(manifestOf)
    .filter(({ name }) => wanted(name))
    .flatMap(({ name, exports }) =>
      Object.keys(exports)
        .filter((entry) => !entry.endsWith('.json'))
        .map((entry) => name + entry.slice(1)),
    );
}

/** Packs everything, installs the tarballs into an empty project, loads every entry and compiles against it. */
function checkConsumer(tarballs) {
  const project = join(tarballs, 'consumer');
  mkdirSync(project);
  const files = filesIn(tarballs);
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({
      name: 'consumer',
      private: true,
      type: 'module',
      dependencies: files,
      pnpm: { overrides: files },
    }),
  );
  run(
    'consumer: install',
    'pnpm',
    ['install', '--prefer-offline', '--ignore-workspace', '--config.verify-deps-before-run=false'],
    { cwd: project },
  );
  const entries = entriesOf(() => true);
  writeFileSync(join(project, 'all.mjs'), `${entries.map((entry) => `await import('${entry}');`).join('\n')}\n`);
  run('consumer: import every entry', process.execPath, ['all.mjs'], { cwd: project });
  writeFileSync(join(project, 'one-module.cjs'), oneModule(entries));
  run('consumer: one module by require and by import', process.execPath, ['one-module.cjs'], { cwd: project });
  checkTypes(project, entries, { lib: ['ES2022'], types: ['node'] });
  checkTypes(project, portableOf(entries), { lib: ['ES2022', 'DOM'], types: [] });
}

/** The declarations hold by themselves, without the DOM library and without `@types/node`. */
function checkTypes(project, entries, libraries) {
  const imports = entries.map((entry, i) => `import * as m${i} from '${entry}';`).join('\n');
  writeFileSync(join(project, 'use.ts'), `${imports}\nconsole.log(${entries.map((_, i) => `m${i}`).join(', ')});\n`);
  const compilerOptions = {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    typeRoots: [resolve('node_modules/@types')],
    ...libraries,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  const compiler = resolve('node_modules/typescript/bin/tsc');
  run(
    `consumer: types with ${libraries.lib}, ${libraries.types}`,
    process.execPath,
    [compiler, '-p', 'tsconfig.json'],
    {
      cwd: project,
    },
  );
}

/** The command of the archives plays the story of `examples/origin.sh`. */
function checkCommand(tarballs) {
  const program = join(tarballs, 'consumer/node_modules/@notarykit/cli/bin/notarykit.js');
  const test = 'test/integration/cli/origin.test.ts';
  run('consumer: the command', 'pnpm', ['exec', 'vitest', 'run', '--project', 'integration', test], {
    env: { ...process.env, NOTARYKIT_COMMAND: program },
  });
}

/** What a release does with the archives, but for publishing: SBOMs and signatures. */
async function checkRelease(tarballs) {
  try {
    await signFiles(writeSboms(tarballs));
  } catch (error) {
    problems.push('release: SBOMs and signatures');
    console.log(error.message);
  }
}

const tarballs = mkdtempSync(join(tmpdir(), 'notarykit-pack-'));
try {
  for (const folder of folders) {
    checkManifest(folder);
    run(`${folder}: publint`, 'pnpm', ['exec', 'publint', 'run', folder, '--strict']);
    execFileSync('pnpm', ['pack', '--pack-destination', tarballs], { cwd: folder, stdio: 'ignore' });
    const { name, version } = manifestOf(folder);
    run(`${folder}: attw`, 'pnpm', [
      'exec',
      'attw',
      join(tarballs, tarballOf({ name, version })),
      '--profile',
      'esm-only',
      // It does not know `module-sync`: `require` is CommonJS for Jest alone (decision 259).
      '--ignore-rules',
      'false-esm',
    ]);
  }
  checkSingleCopies();
  run('knip', 'pnpm', ['exec', 'knip']);
  checkConsumer(tarballs);
  checkCommand(tarballs);
  problems.push(...(await checkSizes(join(tarballs, 'consumer'))));
  await checkRelease(tarballs);
  const entries = entriesOf((name) => name === 'notarykit' || name.endsWith('/kms-providers'));
  problems.push(...checkKmsConsumer({ tarballs, files: filesIn(tarballs), entries, run }));
} finally {
  rmSync(tarballs, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `pack: ok (${folders.length} packages)` : `pack: ${problems.length} problem(s)`);
process.exitCode = problems.length === 0 ? 0 : 1;
