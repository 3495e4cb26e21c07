import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { bundle } from '../support/bundle.js';
import { runProgram } from '../support/run-program.js';

it.each([
  ['README.md', 1],
  ['packages/notarykit/README.md', 1],
  ['packages/notarykit/README.md', 2],
])('%s: example %i runs as it stands', async (path, number) => {
  const readme = await readFile(path, 'utf8');
  const [, example = ''] = [...readme.matchAll(/```ts\n(.*?)```/gs)][number - 1] ?? [];
  // Below `test`, where every package can be imported.
  const cache = resolve('test/node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'readme-'));
  try {
    const entry = join(folder, 'example.ts');
    await writeFile(entry, example);
    const program = await bundle(entry);
    const { stdout } = await runProgram(program.path);
    await program.remove();
    expect(stdout).toMatch(/^trusted sha256:[0-9a-f]{64}\n$/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('every file that the README links to is there', async () => {
  const readme = await readFile('README.md', 'utf8');
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path);
  expect(links.length).toBeGreaterThan(10);
  await Promise.all(links.map((link) => access(link)));
});
