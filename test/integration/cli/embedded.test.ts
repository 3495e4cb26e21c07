import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, runCommandLine } from '@notarykit/cli';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

let written: { readonly out: string[]; readonly err: string[] };
beforeEach(() => {
  written = { out: [], err: [] };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.err.push(String(text)) > 0);
  vi.stubEnv('NOTATION_CONFIG', '/nowhere/notation');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it.each([
  [['--version'], exitCodes.trusted],
  [['sing'], exitCodes.usage],
  [['policy', 'show'], exitCodes.failed],
  [['verify', 'nginx'], exitCodes.usage],
])('a program that embeds the command gets its exit code: %j', async (words, code) => {
  expect(await runCommandLine(words)).toBe(code);
  expect(written.out.length === 0).toBe(code !== exitCodes.trusted);
  expect(written.err.length > 0).toBe(code !== exitCodes.trusted);
});

it('two command lines in one process do not affect each other', async () => {
  const codes = await Promise.all([runCommandLine(['policy', 'show', '--json']), runCommandLine(['sing'])]);
  expect(codes).toEqual([exitCodes.failed, exitCodes.usage]);
  expect(JSON.parse(written.out.join(''))).toHaveProperty('error');
  expect(written.err.join('')).toContain('sing');
});

it('edits of one policy at the same time are all kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-edits-'));
  vi.stubEnv('NOTATION_CONFIG', folder);
  const statement = { name: 'lab', trustStores: ['ca:lab'], trustedIdentities: ['*'] };
  const scopes = Array.from({ length: 8 }, (_, i) => `registry.test/app-${i}`);
  const trustPolicies = [
    { ...statement, registryScopes: ['registry.test/first'], signatureVerification: { level: 'strict' } },
  ];
  try {
    await writeFile(join(folder, 'trustpolicy.json'), JSON.stringify({ version: '1.0', trustPolicies }));
    const change = ['policy', 'change', 'lab', '--add-scope'];
    const codes = await Promise.all(scopes.map((scope) => runCommandLine([...change, scope])));
    expect(new Set(codes)).toEqual(new Set([exitCodes.trusted]));
    const after = JSON.parse(await readFile(join(folder, 'trustpolicy.json'), 'utf8'));
    expect(new Set(after.trustPolicies[0].registryScopes)).toEqual(new Set(['registry.test/first', ...scopes]));
  } finally {
    await rm(folder, { recursive: true });
  }
});
