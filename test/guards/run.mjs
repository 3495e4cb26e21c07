// Proves that every named guard is held by a test: node test/guards/run.mjs [id …]
// Each row of test/guards/*.guards.mjs says which text of which file is the guard and what to put in its place (`edits`: several,
// where guards stand behind each other and only all of them together can be missed); with the guard removed, a test whose name begins with the id (or with `only`, where other tests would run for ever) must fail. Before that, all those tests must pass with the guards in place.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '../..');
const wanted = process.argv.slice(2);

const tables = readdirSync(here).filter((name) => name.endsWith('.guards.mjs'));
const rows = (await Promise.all(tables.map(async (name) => (await import(`./${name}`)).guards)))
  .flat()
  .filter(({ id }) => wanted.length === 0 || wanted.includes(id));

const editsOf = ({ edits, file, find, replace }) => edits ?? [{ file, find, replace }];

/** A guard that cannot be found once and only once is a mistake in the table. */
function checkRow(row) {
  return editsOf(row).flatMap(({ file, find }) => {
    const times = readFileSync(join(root, file), 'utf8').split(find).length - 1;
    return times === 1 ? [] : [`${row.id}: ${file} holds ${JSON.stringify(find)} ${times} times, expected once`];
  });
}

/** Runs test files; the tests whose names begin with the id, and whether they passed. */
async function run(row, files, id) {
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

async function judge(row) {
  const { tests, broken } = await run(row, [row.test], row.only ?? row.id);
  const failed = tests.filter(({ status }) => status === 'failed');
  if (broken.length > 0) return 'the test file did not load: the replacement is not valid code';
  if (tests.length === 0) return `no test in ${row.test} begins with ${row.id}`;
  return failed.length > 0 ? undefined : 'every test passes without it';
}

const problems = rows.flatMap(checkRow);
if (problems.length === 0) {
  const files = [...new Set(rows.map(({ test }) => test))];
  const { tests, broken } = await run(undefined, files);
  const failed = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  if (broken.length > 0 || failed.length > 0)
    problems.push(`with all guards in place: ${failed.join('; ') || 'no report'}`);
}

if (problems.length === 0) {
  const queue = [...rows];
  const work = async () => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      const problem = await judge(row);
      console.log(`guard ${row.id} (${row.what}): ${problem ?? 'held'}`);
      if (problem !== undefined) problems.push(`${row.id} (${row.what}): ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: 2 }, work));
}

for (const problem of problems) console.error(problem);
console.log(`guards: ${rows.length - problems.length}/${rows.length} held by a test`);
process.exitCode = problems.length === 0 ? 0 : 1;
