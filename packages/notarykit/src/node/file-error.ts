import { NotaryKitError } from '../errors.js';

/** An error of the file system, or of Node for a path that no system call takes, with a code of ours; every other error as it is. */
export function fileError(what: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  if (!('syscall' in error) && !code.startsWith('ERR_INVALID_ARG_')) return error;
  return new NotaryKitError('ERR_NOTARYKIT_FILE', `${what}: ${code}`, { cause: error });
}
