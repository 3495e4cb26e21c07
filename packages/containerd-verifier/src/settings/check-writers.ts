import type { Stats } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { defined, quote } from '@notarykit/common/internal';
import { VerifierError } from '../errors.js';

/** A node has few policies, stores and plugins. */
const maxEntries = 10_000;

/**
 * Checks that only root and the user of this process can change a folder: other writers could decide what the node runs.
 *
 * @throws {VerifierError} `ERR_VERIFIER_SETTINGS`, also for a missing folder
 */
export async function checkWriters(folder: string): Promise<void> {
  const waiting = [await orRefuse(folder, realpath)];
  for (let seen = 0; waiting.length > 0; seen++) {
    if (seen >= maxEntries) throw refuse(folder, `expected at most ${maxEntries} files and folders`);
    const path = waiting.pop() as string;
    const stats = await orRefuse(path, (at) => lstat(at));
    checkOwner(path, stats);
    if (!stats.isDirectory()) continue;
    waiting.push(...(await orRefuse(path, (at) => readdir(at))).map((name) => join(path, name)));
  }
}

function checkOwner(path: string, stats: Stats): void {
  if (stats.uid !== 0 && stats.uid !== process.getuid?.()) throw refuse(path, 'it belongs to another user');
  // The mode of a link means nothing, and policies, stores and settings are not read through links.
  if (!stats.isSymbolicLink() && (stats.mode & 0o022) !== 0)
    throw refuse(path, 'users other than its owner can write it and so decide what is trusted: run chmod go-w');
}

async function orRefuse<T>(path: string, read: (path: string) => Promise<T>): Promise<T> {
  try {
    return await read(path);
  } catch (cause) {
    throw refuse(path, `it cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown failure'}`, cause);
  }
}

function refuse(path: string, message: string, cause?: unknown): VerifierError {
  const options = defined({ cause });
  return new VerifierError('ERR_VERIFIER_SETTINGS', `${quote(path)}: ${message}`, options);
}
