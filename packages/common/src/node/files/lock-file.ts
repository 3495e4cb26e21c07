import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, readFile, rename, unlink } from 'node:fs/promises';
import { codeOf } from './code-of.js';
import { thisProcess } from './process-identity.js';
import { temporaryName } from './temporary.js';

/** The calls that a lock makes. */
export interface LockFileSystem {
  /** Where a system has it: with it the holder's name is in the lock from the first moment. */
  readonly link?: typeof link;
  readonly open: typeof open;
  readonly readFile: typeof readFile;
  readonly rename: typeof rename;
  /** Of the path itself: a link is not followed. */
  readonly lstat: typeof lstat;
  readonly unlink: typeof unlink;
}

/** The platform's. */
export const nodeLockFileSystem: LockFileSystem = { link, open, readFile, rename, lstat, unlink };

/** The file of a lock that this process made. */
export interface HeldFile {
  /** Whether the path still names this very file. */
  isInPlace(): Promise<boolean>;
  renew(): Promise<void>;
  /** Removes it from the path, unless the path names another file by now. */
  remove(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the lock file, with its holder's identity in it from the first moment; nothing when there is one. */
export async function tryCreate(fs: LockFileSystem, path: string): Promise<HeldFile | undefined> {
  const temporary = temporaryName(path);
  const handle = await fs.open(temporary, 'wx', 0o644);
  try {
    const text = JSON.stringify({ ...thisProcess(), nonce: randomBytes(8).toString('hex') });
    await handle.writeFile(text);
    if (await linked(fs, temporary, path)) return heldFile(fs, path, text, handle);
    await handle.close();
    return undefined;
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  } finally {
    await fs.unlink(temporary).catch(() => undefined);
  }
}

async function linked(fs: LockFileSystem, from: string, to: string): Promise<boolean> {
  if (fs.link === undefined) return await movedExclusively(fs, from, to);
  try {
    await fs.link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) throw error;
    return await movedExclusively(fs, from, to);
  }
}

/** For file systems that have no links: the empty file that takes the place is replaced by the written one. */
async function movedExclusively(fs: LockFileSystem, from: string, to: string): Promise<boolean> {
  try {
    await (await fs.open(to, 'wx', 0o644)).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await fs.rename(from, to);
  } catch (error) {
    // An empty lock names no holder: everybody would have to wait until it is old.
    await fs.unlink(to).catch(() => undefined);
    throw error;
  }
  return true;
}

function heldFile(fs: LockFileSystem, path: string, text: string, handle: FileHandle): HeldFile {
  const isInPlace = async (): Promise<boolean> => {
    const [mine, there] = await Promise.all([handle.stat(), fs.lstat(path).catch(unlessMissing)]);
    return there !== undefined && there.ino === mine.ino && there.dev === mine.dev;
  };
  return {
    isInPlace,
    async remove() {
      const inPlace = await isInPlace().catch(() => undefined);
      if (inPlace === true) await fs.unlink(path);
      // Left there, it would make everybody wait for a process that lives and does not hold it any more.
      else if (inPlace === undefined) await removeExactly(fs, path, text);
    },
    // By the open file: the path may be another's by now.
    renew: () => handle.utimes(new Date(), new Date()),
    close: () => handle.close(),
  };
}

/**
 * Removes a lock file with this very text. It is moved aside first, which one process alone can do, and moved back if it turns out to
 * be another one: its holder may have changed since it was looked at.
 */
export async function removeExactly(fs: LockFileSystem, path: string, text: string): Promise<void> {
  if ((await fs.readFile(path, 'utf8').catch(unlessMissing)) !== text) return;
  const aside = temporaryName(path);
  try {
    await fs.rename(path, aside);
  } catch (error) {
    return unlessMissing(error);
  }
  if ((await fs.readFile(aside, 'utf8')) !== text) await fs.link?.(aside, path).catch(() => undefined);
  await fs.unlink(aside);
}

/** @internal */
export function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}
