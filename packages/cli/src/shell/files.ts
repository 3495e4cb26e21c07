import { lstat, readFile, rm, writeFile } from 'node:fs/promises';
import { CodedError, isCodedError } from '@notarykit/common';
import { writeWhole } from '@notarykit/common/node';

/** A file that is not what it should be; `code` and `cause` are those of the reader that refused it. */
export class FileError extends CodedError {}

/** Reads a file by `parse`. Its errors get the name of the file, which `parse` does not know. */
export async function readParsed<T>(path: string, parse: (bytes: Uint8Array<ArrayBuffer>) => T): Promise<T> {
  const bytes = new Uint8Array(await readFile(path));
  try {
    return parse(bytes);
  } catch (cause) {
    if (!isCodedError(cause)) throw cause;
    throw new FileError(cause.code, `${path}: ${cause.message}`, { cause, detail: cause.detail });
  }
}

/** Writes files that belong together. If one of them is there already and there is no `force`, none is left. */
export async function writeFiles(files: ReadonlyMap<string, string>, force: boolean): Promise<void> {
  const written: string[] = [];
  try {
    for (const [path, text] of files) {
      await writeFile(path, text, { flag: force ? 'w' : 'wx' });
      written.push(path);
    }
  } catch (error) {
    if (!force) await Promise.all(written.map((path) => rm(path, { force: true })));
    throw error;
  }
}

/** Writes what a command gives to a file, all of it or nothing; to a device or a link as it is, since neither is to be replaced. */
export async function writeResult(path: string, content: Uint8Array): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined || there.isFile()) await writeWhole(path, content, { replace: true, mode: 0o644 });
  else await writeFile(path, content);
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
