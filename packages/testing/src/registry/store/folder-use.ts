import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { singleFlight } from '@notarykit/common/internal';
import { acquireFileLock, type FileLock, FileLockError, makeFolder } from '@notarykit/common/internal/node';
import { isTemporary } from './disk-files.js';
import { DirectoryInUse } from './in-use.js';

// Names that a layout uses itself: a repository of that name inside another one would land in its content.
const reserved = new Set(['blobs', 'index.json', 'oci-layout']);

/** Whether a part of a repository's name means something inside a layout. No part of a name begins with a dot. */
export function isReserved(component: string): boolean {
  return reserved.has(component);
}

/** Where files are until they are whole. */
export function scratchOf(directory: string): string {
  return join(directory, '.uploads');
}

/** The use of a directory by this registry alone. */
export interface FolderUse {
  /** Takes the directory, and removes what a registry that was killed left of uploads. @throws {DirectoryInUse} */
  begin(): Promise<void>;
  /** Before each write. @throws {DirectoryInUse}, or the error by which the directory could not be locked: then it is only read. */
  check(): Promise<void>;
  end(): Promise<void>;
}

/** A lock file in the directory, held while the registry runs. */
export function useFolder(directory: string): FolderUse {
  let lock: FileLock | undefined;
  let readOnly: unknown;
  const once = singleFlight<void>();
  const begin = async (): Promise<void> => {
    try {
      await makeFolder(directory);
      lock = await acquireFileLock(join(directory, '.registry.lock'), { waitMs: 0 });
      await sweep(scratchOf(directory));
    } catch (error) {
      if (error instanceof FileLockError) throw new DirectoryInUse(directory, error);
      if (!isRefused(error)) throw error;
      // What may not be written to is served all the same.
      readOnly = error;
    }
  };
  return {
    begin: () => once('', async () => (lock === undefined && readOnly === undefined ? await begin() : undefined)),
    async check() {
      if (readOnly !== undefined) throw readOnly;
      await lock?.check().catch((error: unknown) => {
        throw error instanceof FileLockError ? new DirectoryInUse(directory, error) : error;
      });
    },
    async end() {
      await lock?.release();
      lock = undefined;
    },
  };
}

/** The folder is the registry's own, but where it is a link: then only what has a name as a registry gives it. */
async function sweep(scratch: string): Promise<void> {
  const isOwn = (await lstat(scratch).catch(() => undefined))?.isDirectory() === true;
  for (const name of await readdir(scratch).catch(() => []))
    if (isOwn || isTemporary(name)) await rm(join(scratch, name), { recursive: isOwn, force: true });
}

function isRefused(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');
}
