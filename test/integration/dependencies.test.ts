import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

it('every dependency that a published package brings has its reason in the documentation', async () => {
  const reasons = await readFile('docs/dependencies.md', 'utf8');
  const missing: string[] = [];
  for (const folder of await readdir('packages')) {
    const manifest = JSON.parse(await readFile(`packages/${folder}/package.json`, 'utf8')) as Manifest;
    const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const foreign = names.filter((name) => name !== 'notarykit' && !name.startsWith('@notarykit/'));
    missing.push(...foreign.filter((name) => !reasons.includes(`\`${name}\``)).map((name) => `${folder}: ${name}`));
  }
  expect(missing).toEqual([]);
});
