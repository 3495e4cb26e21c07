import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { bundle } from '../support/bundle.js';
import { runProgram } from '../support/run-program.js';

const trusted = /^trusted sha256:[0-9a-f]{64}\n$/;

it.each([
  ['README.md', 1, trusted],
  ['packages/notarykit/README.md', 1, trusted],
  [
    'packages/notarykit/README.md',
    2,
    /^latest,v1 trusted signatureExpiry\nnext,v2 trusted certificateExpiry\n1 to renew, 0 to look at\n$/,
  ],
  ['packages/notarykit/README.md', 3, trusted],
  ['packages/artifact-graph/README.md', 1, /^5\napplication\/spdx\+json\n$/],
  ['packages/common/README.md', 1, /^ERR_CODEC_JSON .*appears twice/],
  ['packages/oci/README.md', 1, /^index\n$/],
  ['packages/sbom-gate/README.md', 1, /^DENY [\s\S]*the image is not signed by build/],
  ['packages/testing/README.md', 1, /^$/],
] as const)('%s: example %i runs as it stands', { timeout: 60_000 }, async (path, number, output) => {
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
    const { code, stdout, stderr } = await runProgram(program.path);
    await program.remove();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(output);
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

it('every promise of the README links to tests that prove it', async () => {
  const readme = await readFile('README.md', 'utf8');
  const [, section = ''] = /## What is guaranteed\n(.*?)\n## /s.exec(readme) ?? [];
  const promises = section.split(/\n(?=\d+\. )/).slice(1);
  expect(promises).toHaveLength(7);
  for (const promise of promises) {
    const tests = [...promise.matchAll(/\]\(([^)]+\.test\.ts)\)/g)].map(([, path = '']) => path);
    expect(tests, promise).not.toEqual([]);
    for (const path of tests) expect(await readFile(path, 'utf8'), path).toMatch(/\b(?:it|test)(?:\.each)?\(/);
  }
});
