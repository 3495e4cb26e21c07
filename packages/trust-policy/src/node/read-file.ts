import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';

/** A file was not what it must be; `problem` says why, in words. */
export class FileProblem extends Error {
  readonly kind: 'missing' | 'notRegular' | 'tooLarge' | 'unreadable';

  constructor(kind: FileProblem['kind'], problem: string, cause?: unknown) {
    super(problem, { cause });
    this.kind = kind;
  }
}

/** Whether both are the same file or folder. */
export function sameFile(a: Stats, b: Stats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

/**
 * The bytes of a regular file that is not a symbolic link. It is opened without following links or waiting for a writer, and
 * what was opened is what is checked: a file exchanged in between is found.
 *
 * @throws {FileProblem}
 */
export async function readRegularFile(path: string, limit: number): Promise<Uint8Array> {
  const before = await statsOf(path);
  if (!before.isFile())
    throw new FileProblem('notRegular', 'it is not a regular file (symbolic links are not followed)');
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch(
    (cause: unknown) => {
      throw new FileProblem('unreadable', `it cannot be opened: ${(cause as Error).message}`, cause);
    },
  );
  try {
    const opened = await handle.stat();
    if (!opened.isFile() || !sameFile(before, opened))
      throw new FileProblem('notRegular', 'it changed while it was opened');
    const buffer = new Uint8Array(limit + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length > limit) break;
    }
    if (length > limit) throw new FileProblem('tooLarge', `it has more than ${limit} bytes`);
    return buffer.slice(0, length);
  } finally {
    await handle.close();
  }
}

/** What is at a path, links not followed. */
export async function statsOf(path: string): Promise<Stats> {
  try {
    return await lstat(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' || (cause as NodeJS.ErrnoException).code === 'ENOTDIR')
      throw new FileProblem('missing', 'it does not exist', cause);
    throw new FileProblem('unreadable', `it cannot be read: ${(cause as Error).message}`, cause);
  }
}
