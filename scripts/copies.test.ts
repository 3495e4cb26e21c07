// `slice()` copies an array of bytes, and gives the same memory of a Buffer: bytes of callers are copied by `copyBytes`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

it('bytes are copied by copyBytes', () => {
  const files = readdirSync(join(root, 'packages'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.includes('/src/') && !path.includes('node_modules'));
  // In sentences, it is advice to those who have no Buffers.
  const code = (path: string): string => readFileSync(path, 'utf8').replace(/'[^'\n]*'/g, "''");
  expect(files.filter((path) => /\.slice\(\)/.test(code(path))).map((path) => path.slice(root.length + 1))).toEqual([]);
});
