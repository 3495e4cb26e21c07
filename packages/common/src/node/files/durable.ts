import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

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
    if (!cannot.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Makes a folder with all that are missing above it, and makes their names last. */
export async function makeFolder(path: string, fs: FolderFileSystem = { mkdir, open }): Promise<void> {
  const first = await fs.mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length && made !== dirname(made); made = dirname(made))
    await syncFolder(dirname(made), fs);
}
