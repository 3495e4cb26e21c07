import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createAuthority } from '@notarykit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bundle, bundle } from '../../support/bundle.js';
import { createPluginFolder, type PluginFolder } from '../../support/plugin/lab.js';
import { runProgram } from '../../support/run-program.js';

let plugins: PluginFolder;
let folder: string;
const programs: Bundle[] = [];
beforeAll(async () => {
  plugins = await createPluginFolder();
  // Below `test`, where every package can be imported.
  const cache = resolve('test/node_modules/.cache');
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, 'readme-'));
});
afterAll(async () => {
  for (const program of programs) await program.remove();
  await rm(folder, { recursive: true, force: true });
  await plugins.close();
});

/** The first example that has this text, as a program. */
async function example(text: string): Promise<Bundle> {
  const readme = await readFile('packages/kms-providers/README.md', 'utf8');
  const found = [...readme.matchAll(/```ts\n(.*?)```/gs)]
    .map(([, code = '']) => code)
    .find((code) => code.includes(text));
  const entry = join(folder, `${text}.ts`);
  await writeFile(entry, found ?? '');
  const program = await bundle(entry);
  programs.push(program);
  return program;
}

it('the examples of plugins run as they stand: one signs through the other', { timeout: 120_000 }, async () => {
  const keys = join(plugins.libexec, 'keys');
  await mkdir(keys);
  const { privateKeyPem, pem } = await (await createAuthority()).issueLeaf({ keySpec: 'EC-384' });
  await writeFile(join(keys, 'release.key'), privateKeyPem, { mode: 0o600 });
  await writeFile(join(keys, 'release.crt'), pem);
  const { path } = await example('runAsPlugin');
  await plugins.install('wabbit-kms', `import(${JSON.stringify(path)});`);
  const host = await example('pluginSigner');
  const env = { NOTATION_LIBEXEC: plugins.libexec, WABBIT_KEYS: keys };
  expect(await runProgram(host.path, [], { env })).toEqual({
    code: 0,
    stdout: 'application/jose+json EC-384\n',
    stderr: '',
  });
});
