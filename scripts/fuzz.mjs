// Long fuzz runs: node scripts/fuzz.mjs [--count N] [--seconds N] [--seed N] [target …]
// Targets are the files of test/integration/fuzz (all by default); every failure names the file that holds its input.
// --total N shares N inputs among FZ1 to FZ4 by their speed, in two processes at a time, and says how long it took.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const number = { type: 'string' };
const { values, positionals } = parseArgs({
  options: { count: number, seconds: number, seed: number, total: number },
  allowPositionals: true,
});

/** One run of vitest; resolves with its status. */
function run(filters, { count, seconds = values.seconds, name }) {
  const variables = { FUZZ_COUNT: count, FUZZ_SECONDS: seconds, FUZZ_SEED: values.seed };
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
  const args = ['vitest', 'run', '--project', 'integration', ...filters, ...(name === undefined ? [] : ['-t', name])];
  const child = spawn('npx', args, { stdio: 'inherit', env: { ...process.env, ...given } });
  return new Promise((resolve) => child.on('close', (status) => resolve(status ?? 1)));
}

/** Shares of the inputs: certificates are cheap, a chain or an envelope takes a signature check. */
const lanes = [
  [
    ['fuzz/certificate', 0.6, 'FZ3 certificates'],
    ['fuzz/certificate', 0.03, 'FZ3 chains'],
  ],
  [
    ['fuzz/online', 0.2],
    ['fuzz/envelope', 0.085],
  ],
];

async function whole(total) {
  const begin = performance.now();
  const play = async (lane) => {
    let worst = 0;
    for (const [filter, share, name] of lane)
      worst = Math.max(worst, await run([filter], { count: String(Math.round(total * share)), seconds: '600', name }));
    return worst;
  };
  const worst = Math.max(...(await Promise.all(lanes.map(play))));
  console.log(`fuzz: ${total} inputs in ${Math.round((performance.now() - begin) / 1000)} s`);
  return worst;
}

const filters = positionals.length > 0 ? positionals.map((name) => `fuzz/${name}`) : ['integration/fuzz/'];
process.exitCode =
  values.total === undefined ? await run(filters, { count: values.count }) : await whole(Number(values.total));
