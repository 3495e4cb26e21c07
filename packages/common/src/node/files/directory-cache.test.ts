import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryCache } from './directory-cache.js';
import { temporaryName } from './temporary.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'directory-cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

const names = async (): Promise<string[]> => (await readdir(folder)).sort();

describe('directoryCache', () => {
  it('keeps text by key, also for the next cache in the same folder', async () => {
    const cache = directoryCache(folder);
    expect(await cache.get('../a')).toBeUndefined();
    await cache.set('../a', 'one');
    await cache.set('../a', 'two');
    expect(await directoryCache(folder).get('../a')).toBe('two');
    expect(await names()).toHaveLength(1);
    await cache.delete('../a');
    expect(await cache.get('../a')).toBeUndefined();
  });

  it('N6 a temporary file of a killed writer is not an entry, and the next writer removes it', async () => {
    const cache = directoryCache(folder);
    await cache.set('a', 'one');
    const [entry] = await names();
    // The id of a process that has ended.
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const left = temporaryName(join(folder, entry as string)).replace(`.${process.pid}-`, `.${pid}-`);
    await writeFile(left, 'tw');
    expect(await cache.get('a')).toBe('one');
    await cache.set('b', 'two');
    expect((await names()).filter((name) => !name.endsWith('.entry'))).toEqual([]);
  });

  it('D17 anything but a regular file is not read', async () => {
    const cache = directoryCache(folder);
    await cache.set('a', 'one');
    const [entry = ''] = await names();
    const elsewhere = join(folder, 'elsewhere');
    await writeFile(elsewhere, 'two');
    await rm(join(folder, entry));
    await symlink(elsewhere, join(folder, entry));
    expect(await cache.get('a')).toBeUndefined();
    await rm(join(folder, entry));
    await mkdir(join(folder, entry));
    expect(await cache.get('a')).toBeUndefined();
  });

  it('removes the oldest entries above maxEntries, and keeps no text above maxBytes', async () => {
    const cache = directoryCache(folder, { maxEntries: 10, maxBytes: 4 });
    await cache.set('long', 'abcde');
    expect(await names()).toEqual([]);
    for (let i = 0; i < 10; i++) {
      await cache.set(`${i}`, `${i}`);
      const written = (await names()).map((name) => join(folder, name));
      for (const path of written) {
        const at = new Date(1_700_000_000_000 + Number(await readFile(path, 'utf8')) * 1000);
        await utimes(path, at, at);
      }
    }
    await cache.set('10', '10');
    expect(await names()).toHaveLength(9);
    expect([await cache.get('1'), await cache.get('2'), await cache.get('10')]).toEqual([undefined, '2', '10']);
  });
});
