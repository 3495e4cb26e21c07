import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createAuthority, serveKeyVault } from '@notarykit/testing';
import { expect, it } from 'vitest';
import { bundle } from '../../support/bundle.js';
import { azureClients } from '../../support/kms.js';
import { runProgram } from '../../support/run-program.js';

/** The file that Key Vault gives for an exportable certificate, without a password. */
async function exportedFile(): Promise<Buffer> {
  const leaf = await (await createAuthority()).issueLeaf({ keySpec: 'EC-384' });
  const vault = await serveKeyVault([
    { name: 'k', versions: [leaf], contentType: 'application/x-pkcs12', exportable: true },
  ]);
  try {
    const { value = '' } = await azureClients(vault).secrets.getSecret('k');
    return Buffer.from(value, 'base64');
  } finally {
    await vault.close();
  }
}

it('the example of a PKCS #12 file runs as it stands', { timeout: 120_000 }, async () => {
  const readme = await readFile('packages/kms-providers/README.md', 'utf8');
  const [, example = ''] =
    [...readme.matchAll(/```ts\n(.*?)```/gs)].find(([, code = '']) => code.includes('parsePkcs12')) ?? [];
  // Below `test`, where every package can be imported.
  const cache = resolve('test/node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'readme-'));
  try {
    await writeFile(join(folder, 'example.ts'), example);
    await writeFile(join(folder, 'net-monitor.pfx'), await exportedFile());
    const program = await bundle(join(folder, 'example.ts'));
    const ended = await runProgram(program.path, [], { cwd: folder });
    await program.remove();
    expect(ended).toEqual({ code: 0, stdout: 'EC-384\n', stderr: '' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
