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

it('two command lines of one process know nothing of each other', async () => {
  const codes = await Promise.all([runCommandLine(['policy', 'show', '--json']), runCommandLine(['sing'])]);
  expect(codes).toEqual([exitCodes.failed, exitCodes.usage]);
  expect(JSON.parse(written.out.join(''))).toHaveProperty('error');
  expect(written.err.join('')).toContain('sing');
});
