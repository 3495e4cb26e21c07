import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Options of {@link readSmall}. */
export interface ReadSmallOptions {
  readonly maxBytes: number;
  /** Whether a symbolic link is followed; else it is an error of the file system (`ELOOP`). */
  readonly followLinks: boolean;
}

/**
 * The bytes of a regular file; `undefined` for one with more than `maxBytes`, and for anything else, such as a folder or a FIFO.
 *
 * @throws errors of the file system, `ENOENT` among them
 */
export async function readSmall(
  path: string,
  { maxBytes, followLinks }: ReadSmallOptions,
): Promise<Uint8Array | undefined> {
  const noFollow = followLinks ? 0 : (constants.O_NOFOLLOW ?? 0);
  // O_NONBLOCK: opening a FIFO must not wait for a writer. Windows has neither flag.
  const file = await open(path, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await file.stat();
    return info.isFile() && info.size <= maxBytes ? new Uint8Array(await file.readFile()) : undefined;
  } finally {
    await file.close();
  }
}
