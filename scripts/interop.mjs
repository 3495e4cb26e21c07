/** The interop stage: prepares the peers, then runs our tests against them. The last lines say `<pairing>: ok | failed`. */
import { spawn } from 'node:child_process';
import { interopPeers, peer } from './peers.mjs';

let missing = 0;
for (const name of interopPeers) {
  try {
    console.log(`peer ${name}: ${await peer(name)}`);
  } catch (error) {
    // The pairings that need it fail below; the others still say how they are.
    missing += 1;
    console.error(`peer ${name}: ${error.message}`);
  }
}

const reporter = ['--reporter', './scripts/interop-reporter.ts'];
const tests = spawn('npx', ['vitest', 'run', '--project', 'interop', ...reporter, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
tests.once('exit', (code) => {
  process.exitCode = code !== 0 || missing > 0 ? 1 : 0;
});
