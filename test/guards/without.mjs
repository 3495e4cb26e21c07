// Tests with a guard removed: what `run.mjs` and `kit.mjs` share.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '../..');

/** The rows of every table. */
export async function allRows() {
  const tables = readdirSync(here).filter((name) => name.endsWith('.guards.mjs'));
  return (await Promise.all(tables.map(async (name) => (await import(`./${name}`)).guards))).flat();
}

const editsOf = ({ edits, file, find, replace }) => edits ?? [{ file, find, replace }];

/** A guard that cannot be found once and only once is a mistake in the table. */
export function checkRow(row) {
  return editsOf(row).flatMap(({ file, find }) => {
    const times = readFileSync(join(root, file), 'utf8').split(find).length - 1;
    return times === 1 ? [] : [`${row.id}: ${file} holds ${JSON.stringify(find)} ${times} times, expected once`];
  });
}

/** Runs test files without a row's guard (with all, without a row); the tests whose names begin with the id, and how they went. */
export async function run(row, files, id, more = []) {
  const folder = mkdtempSync(join(tmpdir(), 'notarykit-guards-'));
  const output = join(folder, 'report.json');
  const names = id === undefined ? [] : ['-t', `(^|\\s)${id}( |$)`];
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/guards/vitest.config.ts',
    ...files,
    ...names,
    ...more,
  ];
  const env = { ...process.env, ...(row === undefined ? {} : { GUARD: JSON.stringify(editsOf(row)) }) };
  const child = spawn(process.execPath, [...args, '--reporter=json', `--outputFile=${output}`], {
    cwd: root,
    env,
    stdio: 'ignore',
  });
  await new Promise((done) => child.on('close', done));
  try {
    const suites = JSON.parse(readFileSync(output, 'utf8')).testResults;
    const tests = suites
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status !== 'skipped');
    const broken = suites.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    return { tests, broken };
  } catch {
    return { tests: [], broken: ['no report'] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
