import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { quote } from '../errors.js';
import { ProcessError } from './run-process.js';

/** A program that may be started. */
export interface CheckedExecutable {
  readonly path: string;
  /** Changes when the file is exchanged or written. */
  readonly identity: string;
}

/**
 * Checks that a file may be executed as a plugin: an absolute path to a regular file, no symbolic link, which only its
 * owner can write; owner and folder must be ours or the system's. Owner and mode are not checked on Windows.
 *
 * @throws {ProcessError} `ERR_PROCESS_START`
 */
export async function checkExecutable(path: string): Promise<CheckedExecutable> {
  if (!isAbsolute(path)) throw refuse(path, 'expected an absolute path');
  const file = await look(path);
  if (!file.isFile()) throw refuse(path, 'it is not a regular file (symbolic links are not followed)');
  const checked = { path, identity: identityOf(file) };
  if (process.platform === 'win32') return checked;
  if ((file.mode & 0o111) === 0) throw refuse(path, 'it is not executable');
  checkOwner(path, file);
  checkOwner(dirname(path), await look(dirname(path)));
  return checked;
}

function identityOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
}

function checkOwner(path: string, { uid, mode }: Stats): void {
  if (uid !== 0 && uid !== process.getuid?.()) throw refuse(path, 'it belongs to another user');
  // A sticky folder is one where nobody can exchange the files of others.
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0) throw refuse(path, 'others than its owner can write it');
}

async function look(path: string): Promise<Stats> {
  try {
    return await lstat(path);
  } catch (cause) {
    throw refuse(
      path,
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist' : 'it cannot be read',
      cause,
    );
  }
}

function refuse(path: string, message: string, cause?: unknown): ProcessError {
  const options = cause === undefined ? {} : { cause };
  return new ProcessError('ERR_PROCESS_START', `program ${quote(path)}: ${message}`, options);
}
