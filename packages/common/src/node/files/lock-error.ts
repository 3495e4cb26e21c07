import { CodedError } from '../../errors.js';

/** Codes of {@link FileLockError}. */
export type FileLockErrorCode = 'ERR_LOCK_HELD' | 'ERR_LOCK_LOST' | 'ERR_LOCK_PATH';

/**
 * `ERR_LOCK_HELD`: another process has the lock and keeps it. `ERR_LOCK_LOST`: this process was taken for dead, nothing was written.
 * `ERR_LOCK_PATH`: what is in the place of the lock is not a file.
 */
export class FileLockError extends CodedError<FileLockErrorCode> {}
