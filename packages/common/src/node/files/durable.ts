import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './code-of.js';

/** The calls that make folders last. */
export interface FolderFileSystem {
  readonly mkdir: typeof mkdir;
  readonly open: typeof open;
}

/** Systems and file systems that cannot sync a folder say one of these. */
const cannot = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM'];

/** Makes the names in a folder last: a file that was renamed into it is found after a loss of power, too. */
export async function syncFolder(path: string, fs: Pick<FolderFileSystem, 'open'> = { open }): Promise<void> {
  try {
    const handle = await fs.open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!cannot.includes(codeOf(error) ?? '')) throw error;
  }
}

/** Makes a folder with all that are missing above it, and makes their names last. */
export async function makeFolder(path: string, fs: FolderFileSystem = { mkdir, open }): Promise<void> {
  try {
    await makeOne(path, fs);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || path === dirname(path)) throw error;
    // Not by `recursive`: below `/proc`, where a folder that was not made is still missing, that never ends.
    await makeFolder(dirname(path), fs);
    await makeOne(path, fs);
  }
}

async function makeOne(path: string, fs: FolderFileSystem): Promise<void> {
  try {
    await fs.mkdir(path);
  } catch (error) {
    // What is there need not be a folder, and a system may refuse before it looks: `EISDIR`, `EROFS`, `EPERM` for roots.
    if (codeOf(error) === 'ENOENT' || !(await isFolder(path))) throw error;
    return;
  }
  await syncFolder(dirname(path), fs);
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
