import { lstat, readFile, rm, writeFile } from 'node:fs/promises';
import { CodedError, isCodedError } from '@notarykit/common/internal';
import { withFileLock, writeWhole } from '@notarykit/common/internal/node';

/** A file that is not what it should be; `code` and `cause` are those of the reader that refused it. */
export class FileError extends CodedError {}

/** Reads a file by `parse`. Its errors get the name of the file, which `parse` does not know. */
export async function readParsed<T>(
  path: string,
  parse: (bytes: Uint8Array<ArrayBuffer>) => T | Promise<T>,
): Promise<T> {
  const bytes = new Uint8Array(await readFile(path));
  try {
    return await parse(bytes);
  } catch (cause) {
    if (!isCodedError(cause)) throw cause;
    throw new FileError(cause.code, `${path}: ${cause.message}`, { cause, detail: cause.detail });
  }
}

/** Writes files that belong together, each whole. If one of them is there already and there is no `force`, none is left. */
export async function writeFiles(files: ReadonlyMap<string, string>, force: boolean): Promise<void> {
  const written: string[] = [];
  try {
    for (const [path, text] of files) {
      await (force ? writeResult(path, text) : writeWhole(path, text, { replace: false, mode: resultMode }));
      written.push(path);
    }
  } catch (error) {
    if (!force) await Promise.all(written.map((path) => rm(path, { force: true })));
    throw error;
  }
}

/** Results are for others to read, too. */
const resultMode = 0o644;

/** Writes what a command gives to a file, all of it or nothing; to a device or a link as it is, since neither is to be replaced. */
export async function writeResult(path: string, content: string | Uint8Array): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined || there.isFile()) await writeWhole(path, content, { replace: true, mode: resultMode });
  else await writeFile(path, content);
}

/** Replaces a file, whole, by the text that `edit` makes of it. Other edits of the file wait, so that none is lost. */
export async function editFile<T extends { readonly text: string }>(path: string, edit: () => Promise<T>): Promise<T> {
  return await withFileLock(`${path}.lock`, async (lock) => {
    const edited = await edit();
    await lock.check();
    await writeWhole(path, edited.text, { replace: true });
    return edited;
  });
}

/** Whether there is anything at a path: a link that leads nowhere is, and so is what cannot be looked at. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/** A file that need not be there. */
export async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
