import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSmall } from './read-small.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-small-'));
  path = join(folder, 'file');
  await writeFile(path, 'abcd');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('reads a file of at most so many bytes', async () => {
  expect(await readSmall(path, { maxBytes: 4, followLinks: false })).toEqual(new Uint8Array([97, 98, 99, 100]));
  expect(await readSmall(path, { maxBytes: 3, followLinks: false })).toBeUndefined();
  await expect(readSmall(join(folder, 'none'), { maxBytes: 4, followLinks: false })).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

it.runIf(process.platform !== 'win32')('follows a link only when it is asked to', async () => {
  const link = join(folder, 'link');
  await symlink(path, link);
  expect(await readSmall(link, { maxBytes: 4, followLinks: true })).toHaveLength(4);
  await expect(readSmall(link, { maxBytes: 4, followLinks: false })).rejects.toMatchObject({ code: 'ELOOP' });
});

it.runIf(process.platform !== 'win32')('reads neither a folder nor a FIFO, and waits for no writer', async () => {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  expect(await readSmall(fifo, { maxBytes: 4, followLinks: true })).toBeUndefined();
  expect(await readSmall(folder, { maxBytes: 1 << 20, followLinks: true })).toBeUndefined();
});
