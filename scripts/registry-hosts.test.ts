import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

// Where packages come from is for the machine to say: its own settings of npm, Go and apt name registries and mirrors, we never do.
// Registries of OCI artifacts are what the product is about, and may be named. The names stand here in parts, as no file may hold one.
const hosts = [
  ['npmjs', 'org'],
  ['npmjs', 'com'],
  ['npmmirror', 'com'],
  ['npm', 'pkg', 'github', 'com'],
  ['yarnpkg', 'com'],
  ['unpkg', 'com'],
  ['jsdelivr', 'net'],
  ['esm', 'sh'],
  ['jsr', 'io'],
  ['proxy', 'golang', 'org'],
  ['sum', 'golang', 'org'],
  ['goproxy', 'io'],
  ['goproxy', 'cn'],
  ['deb', 'debian', 'org'],
  ['ftp', 'debian', 'org'],
  ['security', 'debian', 'org'],
  ['snapshot', 'debian', 'org'],
  ['archive', 'ubuntu', 'com'],
  ['security', 'ubuntu', 'com'],
  ['alpinelinux', 'org'],
  ['nodesource', 'com'],
  ['pypi', 'org'],
  ['pythonhosted', 'org'],
  ['crates', 'io'],
  ['rubygems', 'org'],
  ['maven', 'org'],
  ['maven', 'apache', 'org'],
  ['nuget', 'org'],
  ['packagist', 'org'],
].map((parts) => parts.join('.'));

const top = resolve(import.meta.dirname, '..');
const passedOver = ['node_modules', 'dist', 'coverage', '.git'];

function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(join(top, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (passedOver.includes(entry.name) || path === 'docs/api') continue;
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}

/** The hosts that a text names: themselves, and names below them, but no longer names that only end or begin so. */
function named(text: string): string[] {
  return hosts.filter((host) =>
    new RegExp(`(?<![\\w-])${host.replaceAll('.', '\\.')}(?![\\w-]|\\.\\w)`, 'i').test(text),
  );
}

test('no file names the host of a package registry or of a mirror', () => {
  const paths = [...files('.')];
  expect(paths).toContain('pnpm-lock.yaml');
  const found = paths.flatMap((path) => named(readFileSync(join(top, path), 'utf8')).map((host) => `${path}: ${host}`));
  expect(found).toEqual([]);
});

test('finds a host alone, as a subdomain and in a URL, not as a part of a longer name', () => {
  const [host] = hosts as [string];
  for (const text of [host, `https://registry.${host}/x`, `(${host.toUpperCase()})`, `at ${host}.`])
    expect(named(text)).toEqual([host]);
  for (const text of [`my-${host}`, `${host}.test`, `${host}x`]) expect(named(text)).toEqual([]);
});
