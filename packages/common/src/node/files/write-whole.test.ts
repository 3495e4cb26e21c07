import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeWhole } from './write-whole.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-whole-'));
  path = join(folder, 'file.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('replaces a file, with the permissions that are asked for', async () => {
  await writeFile(path, 'before', { mode: 0o644 });
  await writeWhole(path, 'after', { replace: true });
  expect(await readFile(path, 'utf8')).toBe('after');
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeWhole(path, new Uint8Array([65]), { replace: true, mode: 0o664 });
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o664);
  expect(await readdir(folder)).toEqual(['file.json']);
});

it('leaves a file that is there, and names it', async () => {
  await writeWhole(path, 'first', { replace: false });
  await expect(writeWhole(path, 'second', { replace: false })).rejects.toMatchObject({ code: 'EEXIST', path });
  expect(await readFile(path, 'utf8')).toBe('first');
  expect(await readdir(folder)).toEqual(['file.json']);
});

it('replaces a link, and keeps its target', async () => {
  const other = join(folder, 'other');
  await writeFile(other, 'other');
  await symlink(other, path);
  await expect(writeWhole(path, 'new', { replace: false })).rejects.toMatchObject({ code: 'EEXIST' });
  await writeWhole(path, 'new', { replace: true });
  expect((await lstat(path)).isFile()).toBe(true);
  expect(await readFile(other, 'utf8')).toBe('other');
});

it('leaves nothing when it cannot be written', async () => {
  await expect(writeWhole(join(folder, 'none', 'file'), 'x', { replace: true })).rejects.toMatchObject({
    code: 'ENOENT',
  });
  expect(await readdir(folder)).toEqual([]);
});
