// Reads every SBOM, scan report, VEX document and PKI file under a folder and says what came of them:
// pnpm --filter @notarykit/tests bulk <folder> [--all]   (after pnpm build:js)
import { resolve } from 'node:path';
import { readFolder } from './read-folder.mjs';
import { Summary } from './summary.mjs';

const names = process.argv.slice(2).filter((argument) => argument !== '--all' && argument !== '--');
const [folder, ...more] = names;
if (folder === undefined || more.length > 0) {
  console.error('usage: pnpm --filter @notarykit/tests bulk <folder> [--all]');
  process.exit(2);
}
// pnpm runs scripts in their package; the folder is meant from where the user stands.
const root = resolve(process.env.INIT_CWD ?? '.', folder);
const summary = new Summary();
for await (const outcome of readFolder(root)) summary.add(outcome);
for (const line of summary.lines(process.argv.includes('--all') ? Number.POSITIVE_INFINITY : 10)) console.log(line);
process.exitCode = summary.crashes.length > 0 ? 1 : 0;
