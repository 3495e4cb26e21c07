// Runs every benchmark (or those named on the command line) in a process of its own, one after the other.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const wanted = process.argv.slice(2);
const programs = readdirSync('bench/src')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort();

let failed = 0;
for (const name of programs) {
  const { status } = spawnSync(process.execPath, ['--expose-gc', `bench/dist/${name}.js`], { stdio: 'inherit' });
  if (status !== 0) {
    failed++;
    console.log(`${name}: failed with status ${status}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
