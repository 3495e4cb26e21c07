import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeOwnFolder, readOwnFile } from './own-folder.js';
import { crlCache } from './trust.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-folder-'));
  path = join(folder, 'deeper', 'secret');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});
/** From now on the files here belong to another user. */
const becomeAnother = () => vi.spyOn(process, 'getuid').mockReturnValue(123_456);

describe('makeOwnFolder', () => {
  it('makes a folder of mode 0700, and accepts it afterwards', async () => {
    for (let i = 0; i < 2; i++) await makeOwnFolder(path);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it.each([0o770, 0o707, 0o750, 0o701])('refuses one of mode %o', async (mode) => {
    await makeOwnFolder(path);
    await chmod(path, mode);
    await expect(makeOwnFolder(path)).rejects.toThrow('mode 0700');
  });

  it('refuses one of another user', async () => {
    await makeOwnFolder(path);
    becomeAnother();
    await expect(makeOwnFolder(path)).rejects.toThrow('folder of this user');
  });

  it('refuses a link and a file', async () => {
    await mkdir(join(folder, 'deeper'));
    await symlink(folder, path);
    await expect(makeOwnFolder(path)).rejects.toThrow('mode 0700');
    await rm(path);
    await writeFile(path, '', { mode: 0o600 });
    await expect(makeOwnFolder(path)).rejects.toThrow('mode 0700');
  });
});

describe('readOwnFile', () => {
  const write = async (mode: number): Promise<string> => {
    const file = join(folder, 'file');
    await writeFile(file, '12345');
    await chmod(file, mode);
    return file;
  };

  it('reads a file of the size', async () => {
    const file = await write(0o600);
    expect(await readOwnFile(file, 5)).toEqual(new Uint8Array(await readFile(file)));
  });

  it('N6 reads nothing of another size, that others can read or write, or through a link', async () => {
    expect(await readOwnFile(await write(0o600), 4)).toBeUndefined();
    for (const mode of [0o640, 0o604, 0o620, 0o602]) expect(await readOwnFile(await write(mode), 5)).toBeUndefined();
    const file = await write(0o600);
    await rename(file, join(folder, 'other'));
    await symlink(join(folder, 'other'), file);
    expect(await readOwnFile(file, 5)).toBeUndefined();
    expect(await readOwnFile(folder, 5)).toBeUndefined();
    expect(await readOwnFile(join(folder, 'missing'), 5)).toBeUndefined();
  });

  it('N6 reads nothing of another user', async () => {
    const file = await write(0o600);
    becomeAnother();
    expect(await readOwnFile(file, 5)).toBeUndefined();
  });
});

describe('crlCache', () => {
  it('N6 keeps no CRLs in a folder that others can write, and the log says so', async () => {
    const warned: unknown[] = [];
    const logger = { warn: (_: string, facts?: object): unknown => warned.push(facts) };
    expect(await crlCache({ folder }, logger as never)).toBeDefined();
    expect(warned).toEqual([]);
    await chmod(join(folder, 'crl'), 0o770);
    expect(await crlCache({ folder }, logger as never)).toBeUndefined();
    expect(warned).toEqual([expect.objectContaining({ path: join(folder, 'crl') })]);
  });
});
