import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundle } from '../../support/bundle.js';
import { runProgram } from '../../support/run-program.js';

// With a Redis it is run by the interop stage.
it('the program reports missing settings', { timeout: 60_000 }, async () => {
  const program = await bundle('examples/whole-registry/src/main.ts');
  const ended = await Promise.all(
    ['plan', 'plna'].map((command) => runProgram(program.path, [command], { env: { REDIS_URL: '' } })),
  );
  await program.remove();
  expect(ended).toEqual([
    { code: 2, stdout: '', stderr: 'set REDIS_URL\n' },
    { code: 2, stdout: '', stderr: 'expected one of plan, work, report\n' },
  ]);
});

it('the code in docs/whole-registry.md is that of the program', async () => {
  const folder = 'examples/whole-registry/src/run';
  const sources = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
  const blocks = [...(await readFile('docs/whole-registry.md', 'utf8')).matchAll(/```ts\n(.*?)```/gs)];
  expect(blocks).toHaveLength(3);
  for (const [, block = ''] of blocks)
    expect(
      sources.filter((source) => source.includes(block)),
      block,
    ).toHaveLength(1);
});
