import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '@notarykit/common/internal/node';

/**
 * Makes a folder that only this user can read or write: another user could plant files there on which verdicts depend.
 *
 * @throws for an existing folder of another user or mode, and for anything that is not a folder
 */
export async function makeOwnFolder(folder: string): Promise<void> {
  await makeFolder(dirname(folder));
  // With its mode at once: another verifier that starts now never finds it open.
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(folder);
  if (!found.isDirectory() || !isOwn(found))
    throw new Error('expected a folder of this user that no other user can read or write (mode 0700)');
}

/** The bytes of a file of exactly this size that only this user can read or write; `undefined` for anything else. */
export async function readOwnFile(path: string, size: number): Promise<Uint8Array | undefined> {
  let file: FileHandle | undefined;
  try {
    // Not through a link, which may lead to bytes that others know. O_NONBLOCK: opening a FIFO must not wait for a writer.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const found = await file.stat();
    return found.isFile() && isOwn(found) && found.size === size ? new Uint8Array(await file.readFile()) : undefined;
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

function isOwn({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return uid === process.getuid?.() && (mode & 0o077) === 0;
}
