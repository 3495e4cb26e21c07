import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { packageManifests, projectOf } from './manifests.mjs';

const root = resolve(import.meta.dirname, '..');

it.each(packageManifests())('%s says where the project is, as the workspace does', (path) => {
  const { homepage, repository, bugs } = JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;
  expect({ homepage, repository, bugs }, 'run: node scripts/manifests.mjs').toEqual(projectOf(path));
});
