// Long fuzz runs: node scripts/fuzz.mjs [--count N] [--seconds N] [--seed N] [target …]
// Targets are the files of test/integration/fuzz (all by default); every failure names the file that holds its input.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const number = { type: 'string' };
const { values, positionals } = parseArgs({
  options: { count: number, seconds: number, seed: number },
  allowPositionals: true,
});
const filters = positionals.length > 0 ? positionals.map((name) => `fuzz/${name}`) : ['integration/fuzz/'];
const variables = { FUZZ_COUNT: values.count, FUZZ_SECONDS: values.seconds, FUZZ_SEED: values.seed };
const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'integration', ...filters], {
  stdio: 'inherit',
  env: { ...process.env, ...given },
});
process.exitCode = status ?? 1;
