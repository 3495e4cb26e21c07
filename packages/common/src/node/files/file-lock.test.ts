import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, type Stats, symlinkSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireFileLock, withFileLock } from './file-lock.js';
import { nodeLockFileSystem, removeExactly } from './lock-file.js';
import { thisProcess } from './process-identity.js';
import { sweepTemporaries, temporaryName } from './temporary.js';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-lock-'));
  path = join(folder, 'a.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** So long that no test waits for it. */
const long = 10 * 60_000;
const gone = (): number => spawnSync(process.execPath, ['-e', '']).pid;
const holder = (given: object = {}): string => JSON.stringify({ ...thisProcess(), nonce: '1', ...given });
const seesProcesses = thisProcess().start !== '';

describe('a file lock', () => {
  it('D3 always names its holder, and leaves no file behind', async () => {
    const lock = await acquireFileLock(path);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject(thisProcess());
    expect(await readdir(folder)).toEqual(['a.lock']);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("D3 is removed when its status cannot be read, but only while it is this holder's", async () => {
    let failing = false;
    const lstat = (path: string): Promise<Stats> =>
      failing ? Promise.reject(Object.assign(new Error('EMFILE'), { code: 'EMFILE' })) : nodeLockFileSystem.lstat(path);
    const fileSystem = { ...nodeLockFileSystem, lstat: lstat as typeof nodeLockFileSystem.lstat };
    for (const left of [[], ['a.lock']]) {
      failing = false;
      const lock = await acquireFileLock(path, { fileSystem });
      if (left.length > 0) await writeFile(path, holder({ nonce: 'of another' }));
      failing = true;
      await lock.release();
      expect(await readdir(folder)).toEqual(left);
    }
  });

  const stale: [string, () => string][] = [
    ['a process that has ended', () => holder({ pid: gone() })],
    ['a process that has ended, as earlier versions wrote it', () => `${gone()} ${hostname()}`],
    // What a restarted container finds: its own host name and process id.
    ...(seesProcesses
      ? [['a process with this id before this one', () => holder({ start: '1' })] as [string, () => string]]
      : []),
  ];
  it.each(stale)('D3 of %s is free at once', async (_, text) => {
    await writeFile(path, text());
    const lock = await acquireFileLock(path, { ageMs: long });
    await lock.check();
    await lock.release();
  });

  it.each([
    ['of another container that does not renew it', () => holder({ space: 'pid:[1]' })],
    ['of another machine that does not renew it', () => holder({ host: 'elsewhere' })],
    ['of this process, as earlier versions wrote it', () => `${process.pid} ${hostname()}`],
    ['that is empty', () => ''],
  ])('D3 %s is free after its age', async (_, text) => {
    await writeFile(path, text());
    const before = performance.now();
    await (await acquireFileLock(path, { ageMs: 300 })).release();
    expect(performance.now() - before).toBeGreaterThan(130);
  });

  it.each([-24 * 3600, -3600, 3600, 24 * 3600])('D3 that is renewed by a clock %i s off is not taken', async (off) => {
    await writeFile(path, holder({ host: 'elsewhere' }));
    const renewing = setInterval(
      () => void utimes(path, new Date(), Date.now() / 1000 + off).catch(() => undefined),
      5,
    );
    const waiting = acquireFileLock(path, { ageMs: long, waitMs: 0 });
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_LOCK_HELD' });
    clearInterval(renewing);
  });

  it('D3 of a process that runs is refused at once to one that does not wait', async () => {
    const lock = await acquireFileLock(path);
    await expect(acquireFileLock(path, { waitMs: 0, ageMs: long })).rejects.toMatchObject({ code: 'ERR_LOCK_HELD' });
    await lock.check();
    await lock.release();
  });

  it('D3 is renewed while it is held', async () => {
    const lock = await acquireFileLock(path, { ageMs: 30 });
    await utimes(path, 1, 1);
    await expect.poll(async () => (await stat(path)).mtimeMs, { timeout: 30_000 }).toBeGreaterThan(1000);
    await lock.release();
  });

  it('D4 a taken-over lock is noticed before a write, and stays with its new holder', async () => {
    const lock = await acquireFileLock(path);
    await unlink(path);
    await writeFile(path, 'of another');
    await expect(lock.check()).rejects.toMatchObject({ code: 'ERR_LOCK_LOST' });
    await lock.release();
    expect(await readFile(path, 'utf8')).toBe('of another');
  });

  it('D4 losing the lock during the work repeats the work', async () => {
    let runs = 0;
    await withFileLock(path, async (lock) => {
      if (++runs === 1) await unlink(path);
      await lock.check();
    });
    expect(runs).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('D5 is taken in turn within one process, also through different paths of the folder', async () => {
    let inside = 0;
    const work = async (): Promise<void> => {
      expect(++inside).toBe(1);
      await readdir(folder);
      inside--;
    };
    const names = [path, join(folder, '.', 'a.lock'), join(folder, '..', folder.split('/').at(-1) ?? '', 'a.lock')];
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => withFileLock(names[i % 3] as string, work, { ageMs: long })),
    );
  });

  it('D4 does not remove a lock whose holder has changed', async () => {
    await writeFile(path, 'of another');
    await removeExactly(nodeLockFileSystem, path, 'stale');
    const late = { ...nodeLockFileSystem, readFile: lateReader('stale') };
    await removeExactly(late, path, 'stale');
    expect(await readFile(path, 'utf8')).toBe('of another');
    expect(await readdir(folder)).toEqual(['a.lock']);
  });
});

/** The first look shows the holder before. */
function lateReader(text: string): typeof readFile {
  let looks = 0;
  return (async (...given: Parameters<typeof readFile>) =>
    ++looks === 1 ? text : readFile(...given)) as typeof readFile;
}

describe('temporary files', () => {
  it('D6 of a writer that is gone are removed, those of others stay', async () => {
    const own = temporaryName(join(folder, 'b'));
    const names = {
      own,
      folder: temporaryName(join(folder, 'b'), 'staging'),
      dead: own.replace(`.${process.pid}-`, `.${gone()}-`),
      elsewhere: own.replace(/\.(\d+)-\w{8}-/, '.$1-00000000-'),
      old: own.replace(/\.(\d+)-\w{8}-/, '.$1-00000001-'),
      other: join(folder, 'notes.tmp'),
    };
    for (const name of Object.values(names)) await writeFile(name, '');
    await utimes(names.old, 1, 1);
    await sweepTemporaries([folder, join(folder, 'missing')]);
    const kept = [names.own, names.folder, names.elsewhere, names.other];
    expect((await readdir(folder)).map((name) => join(folder, name)).sort()).toEqual(kept.sort());
  });

  it.runIf(seesProcesses)('D6 of a process with this id before this one are removed', async () => {
    const name = temporaryName(join(folder, 'b')).replace(/-\d+(\.\w+\.tmp)$/, '-1$1');
    await writeFile(name, '');
    await sweepTemporaries([folder]);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['a pipe', (place: string) => execFileSync('mkfifo', [place])],
    ['a link to nothing', (place: string) => symlinkSync('nowhere', place)],
    ['a link to itself', (place: string) => symlinkSync('a.lock', place)],
    ['a folder', (place: string) => mkdirSync(place)],
  ])('D17 %s is not a lock, and is never read', async (_, make) => {
    make(path);
    await expect(acquireFileLock(path)).rejects.toMatchObject({ code: 'ERR_LOCK_PATH' });
  });
});
