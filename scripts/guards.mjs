// Removes each named guard in turn and shows that a test fails: node scripts/guards.mjs [file of test/guards …] [--id A1]
// A guard is a piece of source that stands exactly once in its file; `without` is what is left in its place. The tests whose names
// have the id are run, or `only` those that are named so (where without the guard others would run for ever).
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ options: { id: { type: 'string' } }, allowPositionals: true });
const lists = readdirSync('test/guards')
  .filter((name) => name.endsWith('.json'))
  .filter((name) => positionals.length === 0 || positionals.includes(name.slice(0, -5)));

/** Runs the tests of an id; they must run, and one of them must fail. */
function isNoticed({ id, only, project, tests }) {
  const args = ['vitest', 'run', '--project', project ?? 'integration', ...tests, '-t', only ?? `\\b${id}\\b`];
  const { stdout } = spawnSync('npx', args, { encoding: 'utf8', timeout: 300_000 });
  const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(stdout) ?? [];
  if (passed === undefined) throw new Error(`${id}: the tests did not run\n${stdout.slice(-2000)}`);
  return Number(failed) > 0;
}

function removeAndRun(guard) {
  const original = readFileSync(guard.file, 'utf8');
  const parts = original.split(guard.guard);
  if (parts.length !== 2) throw new Error(`${guard.id}: the guard stands ${parts.length - 1} times in ${guard.file}`);
  const restore = () => writeFileSync(guard.file, original);
  process.once('SIGINT', restore);
  try {
    writeFileSync(guard.file, parts.join(guard.without ?? ''));
    return isNoticed(guard);
  } finally {
    restore();
    process.off('SIGINT', restore);
  }
}

let survived = 0;
let total = 0;
for (const list of lists) {
  for (const guard of JSON.parse(readFileSync(`test/guards/${list}`, 'utf8'))) {
    if (values.id !== undefined && values.id !== guard.id) continue;
    total++;
    const noticed = removeAndRun(guard);
    if (!noticed) survived++;
    console.log(`${noticed ? 'noticed' : 'SURVIVED'} ${guard.id} ${guard.file}: ${guard.guard.trim().split('\n')[0]}`);
  }
}
console.log(`${total - survived} of ${total} removed guards noticed`);
process.exitCode = survived === 0 && total > 0 ? 0 : 1;
