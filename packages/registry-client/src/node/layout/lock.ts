import { hostname } from 'node:os';
import { sleep } from '@notarykit/common';
import { RegistryError } from '../../errors.js';
import { type FileSystem, storageError, systemCode } from './file-system.js';

const waitMs = 30_000;
/** A lock of another machine is taken over after this long; of this machine as soon as its process is gone. */
const staleMs = 10 * 60_000;
const turnMs = 10_000;

/** Runs work while this process alone holds the lock file (threats L4): other processes wait, up to 30 s. */
export async function withLock<T>(fs: FileSystem, path: string, work: () => Promise<T>): Promise<T> {
  await acquire(fs, path);
  try {
    return await work();
  } finally {
    await fs.unlink(path).catch(() => undefined);
  }
}

async function acquire(fs: FileSystem, path: string): Promise<void> {
  const until = Date.now() + waitMs;
  for (let pause = 2; ; pause = Math.min(pause * 2, 100)) {
    if (await tryCreate(fs, path)) return;
    if (await isStale(fs, path)) await takeAway(fs, path);
    else if (Date.now() > until) {
      throw new RegistryError(
        'ERR_REGISTRY_STORAGE',
        `another process holds ${path} for more than ${waitMs} ms: remove it if none does`,
        {
          detail: { registry: '', retryable: true },
        },
      );
    } else await sleep(pause * (0.5 + Math.random()));
  }
}

async function tryCreate(fs: FileSystem, path: string): Promise<boolean> {
  try {
    const handle = await fs.open(path, 'wx', 0o644);
    try {
      await handle.writeFile(`${process.pid} ${hostname()}`);
    } catch (error) {
      // A lock without a holder's name would hold everybody up until it is old.
      await fs.unlink(path).catch(() => undefined);
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw storageError(`cannot lock ${path}`, error);
  }
}

async function isStale(fs: FileSystem, path: string): Promise<boolean> {
  try {
    const [pid = '', host = ''] = (await fs.readFile(path, 'utf8')).split(' ');
    if (host === hostname() && /^\d+$/.test(pid)) return !isAlive(Number(pid));
  } catch {
    return false;
  }
  return await isOld(fs, path, staleMs);
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

/**
 * Takes a stale lock away, one process at a time, and only what is still stale then: the lock that was looked at may have been
 * given back by a process that ended since, and the one that is there now be another's.
 */
async function takeAway(fs: FileSystem, path: string): Promise<void> {
  const turn = `${path}.turn`;
  if (!(await tryCreate(fs, turn))) {
    // Whoever had the turn ended within it, which takes no time.
    if (await isOld(fs, turn, turnMs)) await fs.unlink(turn).catch(() => undefined);
    return;
  }
  try {
    if (await isStale(fs, path)) await fs.unlink(path).catch(() => undefined);
  } finally {
    await fs.unlink(turn).catch(() => undefined);
  }
}

async function isOld(fs: FileSystem, path: string, ageMs: number): Promise<boolean> {
  try {
    return Date.now() - (await fs.stat(path)).mtimeMs > ageMs;
  } catch {
    return false;
  }
}
