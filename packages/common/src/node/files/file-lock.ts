import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createLimiter, type Limiter } from '../../concurrency.js';
import { sleep } from '../../deadline.js';
import { FileLockError } from './lock-error.js';
import { type HeldFile, type LockFileSystem, nodeLockFileSystem, removeExactly, tryCreate } from './lock-file.js';
import { watchHolder } from './lock-holder.js';

/** Options of {@link acquireFileLock}. */
export interface FileLockOptions {
  /** How long one and the same holder is waited for, milliseconds. Default 30,000; 0 refuses as soon as the holder is known to live. */
  readonly waitMs?: number;
  /** A lock that its holder has not renewed for so long is free. Default 9,000; the holder renews it every third of that. */
  readonly ageMs?: number;
  /** Default: the platform's; replaced in tests. */
  readonly fileSystem?: LockFileSystem;
}

/** A lock that this process holds. */
export interface FileLock {
  /** Before something is made to last: whether the lock is still held. @throws {FileLockError} `ERR_LOCK_LOST` */
  check(): Promise<void>;
  release(): Promise<void>;
}

const waitDefault = 30_000;
const ageDefault = 9_000;

/**
 * Takes the lock that a file stands for. It is free when there is no such file, when the very process that made it has ended, or
 * when it was not renewed for `ageMs` as this process measures time: a step of the clock frees nothing.
 *
 * @throws {FileLockError} `ERR_LOCK_HELD`, `ERR_LOCK_PATH`
 */
export async function acquireFileLock(path: string, options: FileLockOptions = {}): Promise<FileLock> {
  const { waitMs = waitDefault, ageMs = ageDefault, fileSystem: fs = nodeLockFileSystem } = options;
  const watch = watchHolder(fs, path, ageMs);
  for (let pause = 2; ; pause = Math.min(pause * 2, 100)) {
    // Looked at first: a waiting process does not write a file each time.
    const holder = await watch();
    const file = holder === undefined ? await tryCreate(fs, path) : undefined;
    if (file !== undefined) return held(fs, path, file, ageMs);
    if (holder === undefined) continue;
    if (holder.stale) await removeExactly(fs, path, holder.text);
    else if (waitMs === 0 ? holder.lives : holder.sinceMs > waitMs) throw isHeld(path, holder.who);
    else await sleep(pause * (0.5 + Math.random()));
  }
}

function held(fs: LockFileSystem, path: string, file: HeldFile, ageMs: number): FileLock {
  const timer = setInterval(() => void file.renew().catch(() => undefined), ageMs / 3);
  timer.unref();
  return {
    async check() {
      if (!(await file.isInPlace()))
        throw new FileLockError(
          'ERR_LOCK_LOST',
          `${path} was taken over: this process did not renew it for ${ageMs} ms`,
        );
      await file.renew();
    },
    async release() {
      clearInterval(timer);
      await file.remove().catch(() => undefined);
      await file.close();
    },
  };
}

function isHeld(path: string, who: string): FileLockError {
  return new FileLockError('ERR_LOCK_HELD', `${path} is held by ${who}: wait for it to end, or end it`);
}

const turns = new Map<string, { readonly limit: Limiter; users: number }>();
const tries = 3;

/**
 * Runs work while this process alone has the lock; users within one process wait for each other without looking at the file. Work
 * that finds the lock lost (`check`), which is before it writes, is done again.
 *
 * @throws {FileLockError} and whatever the work throws
 */
export async function withFileLock<T>(
  path: string,
  work: (lock: FileLock) => Promise<T>,
  options: FileLockOptions = {},
): Promise<T> {
  const key = join(await realpath(dirname(path)), basename(path));
  const turn = turns.get(key) ?? { limit: createLimiter(1), users: 0 };
  turns.set(key, turn);
  turn.users++;
  try {
    return await turn.limit(() => alone(path, work, options, tries));
  } finally {
    if (--turn.users === 0) turns.delete(key);
  }
}

async function alone<T>(
  path: string,
  work: (lock: FileLock) => Promise<T>,
  options: FileLockOptions,
  left: number,
): Promise<T> {
  const lock = await acquireFileLock(path, options);
  try {
    return await work(lock);
  } catch (error) {
    if (left === 1 || !(error instanceof FileLockError) || error.code !== 'ERR_LOCK_LOST') throw error;
  } finally {
    await lock.release();
  }
  return await alone(path, work, options, left - 1);
}
