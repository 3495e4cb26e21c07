import { type FileLock, FileLockError, withFileLock } from '@notarykit/common/internal/node';
import { RegistryError } from '../../errors.js';
import { type FileSystem, storageError } from './file-system.js';

/** Runs work while this process alone holds the lock file of a layout (threats L4); the work asks `check` before it writes. */
export async function withLock<T>(
  fileSystem: FileSystem,
  path: string,
  work: (lock: Pick<FileLock, 'check'>) => Promise<T>,
): Promise<T> {
  try {
    return await withFileLock(path, work, { fileSystem });
  } catch (cause) {
    if (!(cause instanceof FileLockError)) throw storageError(`cannot lock ${path}`, cause);
    throw new RegistryError('ERR_REGISTRY_STORAGE', cause.message, {
      cause,
      detail: { registry: '', retryable: cause.code !== 'ERR_LOCK_PATH' },
    });
  }
}
