import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findVectors } from './vectors.mjs';

let parent: string;
let root: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'notarykit-vectors-'));
  root = join(parent, 'clone');
  mkdirSync(root);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function addVectors(name: string): string {
  mkdirSync(join(parent, name, 'notary'), { recursive: true });
  return join(parent, name);
}

test('a clone with nothing beside it has no vectors, and needs none, in CI as well', () => {
  expect(findVectors({}, root)).toEqual({ folder: undefined, required: false });
  expect(findVectors({ CI: 'true' }, root)).toEqual({ folder: undefined, required: false });
});

test('finds the folder beside the clone, and requires it in CI', () => {
  mkdirSync(join(parent, 'shared'));
  expect(findVectors({}, root)).toEqual({ folder: undefined, required: false });
  expect(findVectors({ CI: 'true' }, root)).toEqual({ folder: undefined, required: true });
  const folder = addVectors('shared/vectors');
  expect(findVectors({ CI: 'true' }, root)).toEqual({ folder, required: true });
});

test('the variable takes precedence over the folder beside the clone, and is required in CI', () => {
  addVectors('shared/vectors');
  const folder = addVectors('elsewhere');
  mkdirSync(join(parent, 'empty'));
  expect(findVectors({ NOTARYKIT_VECTORS: '../elsewhere' }, root)).toEqual({ folder, required: false });
  for (const NOTARYKIT_VECTORS of ['../nowhere', '../empty']) {
    expect(findVectors({ NOTARYKIT_VECTORS }, root)).toEqual({ folder: undefined, required: false });
    expect(findVectors({ NOTARYKIT_VECTORS, CI: '1' }, root)).toEqual({ folder: undefined, required: true });
  }
});

test('"none" and the empty string switch vectors off', () => {
  addVectors('shared/vectors');
  for (const NOTARYKIT_VECTORS of ['none', ''])
    expect(findVectors({ NOTARYKIT_VECTORS, CI: 'true' }, root)).toEqual({ folder: undefined, required: false });
});

const top = resolve(import.meta.dirname, '..');

function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(join(top, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['node_modules', 'dist'].includes(entry.name)) yield* files(path);
    } else if (/\.(ts|tsx|mjs|js)$/.test(entry.name)) yield path;
  }
}

test('only one file searches for the vectors, and they are read only in vectorSet or vectorTest', () => {
  const own = ['scripts/vectors.mjs', 'scripts/vectors.test.ts', 'test/vectors.ts'];
  const others = ['packages', 'test', 'scripts', 'bench', 'examples', 'actions'].flatMap((folder) => [
    ...files(folder),
  ]);
  const texts = others
    .filter((path) => !own.includes(path))
    .map((path) => [path, readFileSync(join(top, path), 'utf8')] as const);
  expect(texts.filter(([, text]) => /shared\/vectors|NOTARYKIT_VECTORS/.test(text)).map(([path]) => path)).toEqual([]);
  const readers = texts.filter(
    ([path, text]) => path.endsWith('.test.ts') && /vector(Path|Bytes|Json|List)\(/.test(text),
  );
  expect(readers.filter(([, text]) => !/vector(Set|Test)\(/.test(text)).map(([path]) => path)).toEqual([]);
  expect(readers.length).toBeGreaterThan(20);
});
