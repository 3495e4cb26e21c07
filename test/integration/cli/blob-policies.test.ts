import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseBlobTrustPolicy } from '@notarykit/trust-policy';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { version } from '../../../packages/cli/src/version.js';
import { runHere } from '../../support/run-here.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-blob-policies-'));
  vi.stubEnv('NOTATION_CONFIG', join(folder, 'config'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const path = (): string => join(folder, 'config', 'trustpolicy.blob.json');
const read = (): Promise<string> => readFile(path(), 'utf8');
const trusted = [
  '--name',
  'releases',
  '--trust-store',
  'ca:acme',
  '--trusted-identity',
  'x509.subject:C=US,ST=WA,O=Acme',
];

describe('blob policy', () => {
  it('is written, shown, and replaced only with --force', async () => {
    expect(await runHere(['blob', 'policy', 'show'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('blob policy init'),
    });
    const made = await runHere(['blob', 'policy', 'init', ...trusted, '--global']);
    expect(made).toMatchObject({ code: 0, stdout: `wrote ${path()}\n`, stderr: '' });
    const { statements } = parseBlobTrustPolicy(await read());
    expect(statements).toMatchObject([{ name: 'releases', globalPolicy: true }]);
    if (process.platform !== 'win32') expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(await runHere(['blob', 'policy', 'show'])).toMatchObject({ code: 0, stdout: await read() });
    const shown = await runHere(['blob', 'policy', 'show', '--output', 'json']);
    expect(JSON.parse(shown.stdout)).toEqual(JSON.parse(await read()));
    const before = await read();
    const again = await runHere(['blob', 'policy', 'init', ...trusted]);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect(await read()).toBe(before);
    expect(await runHere(['blob', 'policy', 'init', ...trusted, '--level', 'audit', '--force'])).toMatchObject({
      code: 0,
    });
    expect(JSON.parse(await read()).trustPolicies).toMatchObject([{ signatureVerification: { level: 'audit' } }]);
    expect(JSON.parse(await read()).trustPolicies[0]).not.toHaveProperty('globalPolicy');
    expect(await readdir(join(folder, 'config'))).toEqual(['trustpolicy.blob.json']);
  });

  it('imports a valid file unchanged', async () => {
    const file = join(folder, 'next.json');
    const statement = {
      name: 'a',
      signatureVerification: { level: 'strict' },
      trustStores: ['ca:a'],
      trustedIdentities: ['*'],
    };
    const text = `${JSON.stringify({ version: '1.0', trustPolicies: [statement] })}\n\n`;
    await writeFile(file, text);
    expect(await runHere(['blob', 'policy', 'import', file])).toMatchObject({ code: 0 });
    expect(await read()).toBe(text);
    const artifacts = JSON.stringify({
      version: '1.0',
      trustPolicies: [{ ...statement, registryScopes: ['*'], globalPolicy: 1 }],
    });
    for (const [content, code] of [
      [artifacts, 3],
      ['{}', 3],
      [Buffer.concat([Buffer.from(text), Buffer.from([0xff])]), 3],
    ] as const) {
      await writeFile(file, content);
      expect(await runHere(['blob', 'policy', 'import', '--force', file])).toMatchObject({ code, stdout: '' });
      expect(await read()).toBe(text);
    }
  });

  it.each([
    [['blob', 'policy'], 'import [options] <file>'],
    [['blob', 'policy', 'int'], 'See "notarykit blob policy --help"'],
    [['blob', 'policy', 'init', '--name', 'x'], '--trust-store'],
    [['blob', 'policy', 'init', ...trusted, '--scope', 'a.test/b'], '--scope'],
    [['blob', 'policy', 'init', '--trust-store', 'ca:acme'], '--name is needed'],
  ])('%j is a wrong command line', async (words, hint) => {
    expect(await runHere(words)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(hint) });
  });
});

it('version', async () => {
  const reported = await runHere(['version']);
  expect(reported).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(`Version: ${version}\n`) });
  expect(JSON.parse((await runHere(['version', '-o', 'json'])).stdout)).toMatchObject({
    version,
    node: process.version,
  });
});
