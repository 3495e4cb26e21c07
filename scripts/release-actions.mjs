import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'tsup';
import { bundled } from './bundled.mjs';
import { licensesOf } from './third-party-licenses.mjs';

// Makes the tree that a release of the actions consists of: `node scripts/release-actions.mjs <folder>`. Nothing of it is committed.
const names = ['sign', 'verify', 'gate', 'promote'];
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder that the release is written to');

const built = join(folder, '.build');
const options = bundled('node');
await build({
  ...options,
  entry: Object.fromEntries(names.map((name) => [name, `actions/src/${name}.ts`])),
  outDir: built,
  config: false,
  format: 'esm',
  // GitHub's runners have Node 24; in another place the files may run with Node 20.
  target: 'node20',
  silent: true,
  metafile: true,
  outExtension: () => ({ js: '.mjs' }),
  esbuildOptions(esbuild, context) {
    options.esbuildOptions(esbuild, context);
    // Licences are in a file of the release.
    esbuild.legalComments = 'none';
  },
});

for (const name of names) {
  await mkdir(join(folder, name), { recursive: true });
  await rename(join(built, `${name}.mjs`), join(folder, name, 'index.mjs'));
  await cp(join('actions', name, 'action.yml'), join(folder, name, 'action.yml'));
}
await cp('actions/README.md', join(folder, 'README.md'));
await cp('actions/workflows', join(folder, 'workflows'), { recursive: true });
await cp('LICENSE', join(folder, 'LICENSE'));
const { inputs } = JSON.parse(await readFile(join(built, 'metafile-esm.json'), 'utf8'));
await writeFile(join(folder, 'THIRD-PARTY-LICENSES.txt'), await licensesOf(Object.keys(inputs)));
await rm(built, { recursive: true });
