import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { checkPublishable } from './release.mjs';

const key = ['--key', 'release'];
const project = {
  name: 'notarykit',
  homepage: 'https://notarykit.test/',
  repository: { type: 'git', url: 'https://notarykit.test/notarykit.git' },
  bugs: 'https://notarykit.test/issues',
};

it('publishes with a key, and with the addresses of a project', () => {
  expect(() => checkPublishable(key, [project])).not.toThrow();
  expect(() => checkPublishable([], [project])).toThrow(/needs the options of a key/);
});

it.each([
  { homepage: 'https://example.com/notarykit/' },
  { repository: { type: 'git', url: 'https://example.com/notarykit.git' } },
  { bugs: 'https://example.com/issues' },
])('does not publish with a placeholder: %o', (placeholder) => {
  expect(() => checkPublishable(key, [project, { ...project, ...placeholder }])).toThrow(/placeholder/);
});

it.each([
  [['--publish'], /needs the options of a key/],
  [['--publsh', '--', ...key], /found --publsh/],
])('makes nothing for %j', (words, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'notarykit-release-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const out = join(folder, 'out');
  const script = resolve(import.meta.dirname, 'release.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, out, ...words], { encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toMatch(message);
  expect(existsSync(out)).toBe(false);
});
