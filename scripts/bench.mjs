// Runs every benchmark (or those named on the command line) in its own process, one after the other. `--rounds n` runs all of
// them n times, in turns: what a ratio differs by from round to round is its noise. What fell by more than that since
// `bench/baseline.json` was recorded is printed; `--record` writes that file anew, for the benchmarks that ran.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fallen, gather, ratiosIn } from './baseline.mjs';
import { machine } from './machine.mjs';

const { values, positionals: wanted } = parseArgs({
  options: { record: { type: 'boolean', default: false }, rounds: { type: 'string' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds ?? (values.record ? 3 : 1));
if (!(Number.isSafeInteger(rounds) && rounds > 0))
  throw new Error(`--rounds: expected a count, found "${values.rounds}"`);
const file = 'bench/baseline.json';
const programs = readdirSync('bench/src')
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort();

let failed = 0;
function run(name) {
  const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', `bench/dist/${name}.js`], {
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  process.stdout.write(stdout);
  if (status === 0) return ratiosIn(stdout);
  failed++;
  console.log(`${name}: failed with status ${status}`);
  return [];
}

console.log(`machine: ${machine()}`);
const found = Array.from({ length: rounds }, () => programs.flatMap(run));
const today = gather(found);
const baseline = JSON.parse(readFileSync(file, 'utf8'));
if (values.record) {
  const ratios = { ...baseline.ratios, ...today };
  const sorted = Object.fromEntries(Object.entries(ratios).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ machine: machine(), rounds, ratios: sorted }, null, 2)}\n`);
} else {
  const lines = fallen(baseline.ratios, today);
  for (const line of lines) console.log(line);
  const compared = Object.keys(today).filter((name) => name in baseline.ratios).length;
  const where = baseline.machine === machine() ? '' : `, recorded on another machine (${baseline.machine})`;
  console.log(`baseline: ${lines.length} of ${compared} ratios fell in ${rounds} rounds${where}`);
}
// What is slower is said and fails nothing: a busy machine is no fault of the code.
process.exitCode = failed === 0 ? 0 : 1;
