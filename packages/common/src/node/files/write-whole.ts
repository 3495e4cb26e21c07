import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './code-of.js';
import { syncFolder } from './durable.js';
import { temporaryName } from './temporary.js';

/** Options of {@link writeWhole}. */
export interface WriteWholeOptions {
  /** Whether an existing file is replaced; else it stays, and the write fails with `EEXIST`. */
  readonly replace: boolean;
  /** Permissions of the new file. Default `0o600`: only the owner reads and writes it. */
  readonly mode?: number;
}

/**
 * Writes a file so that readers find all of it or nothing, also after a power failure: it is written under a temporary name in the same
 * folder, then renamed. A link at the path is replaced, not followed.
 *
 * @throws errors of the file system, `EEXIST` among them
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  { replace, mode = 0o600 }: WriteWholeOptions,
): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await write(temporary, content, mode);
    await (replace ? rename(temporary, path) : place(temporary, path));
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
}

async function write(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(content);
    // The umask of the process may have removed bits.
    if (process.platform !== 'win32') await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Renames a file unless the new name is taken. */
async function place(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw isThereAlready(to, error);
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) throw error;
    // A file system without hard links: checking before the rename is the best that is possible.
    if (await isThere(to)) throw isThereAlready(to, error);
    await rename(from, to);
  }
}

/** The system's error would name the temporary file. */
function isThereAlready(path: string, cause: unknown): Error {
  return Object.assign(new Error(`EEXIST: ${path} already exists`, { cause }), { code: 'EEXIST', path });
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'ENOENT',
  );
}
