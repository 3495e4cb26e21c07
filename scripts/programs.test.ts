import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const packages = resolve(import.meta.dirname, '../packages');

const programs = readdirSync(packages).flatMap((folder) => {
  const manifest = JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8')) as {
    readonly bin?: Record<string, string>;
    readonly files: readonly string[];
  };
  return Object.values(manifest.bin ?? {}).map((file) => ({ path: join(packages, folder, file), folder, manifest }));
});

// The first install on a clone links programs before anything is built: one that is not there yet would give a warning and no link.
test('the program of a package exists before a build, is executable, and is published', () => {
  expect(programs.length).toBeGreaterThan(0);
  for (const { path, folder, manifest } of programs) {
    accessSync(path, constants.X_OK);
    expect(path).not.toContain(`${folder}/dist`);
    expect(manifest.files).toContain(path.split('/').at(-2));
    expect(readFileSync(path, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  }
});
