import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, syncFolder } from '@notarykit/common/internal/node';

/** Whether an error says that there is no such file or directory. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** Size of a regular file; `undefined` when there is none, or something else (a link, a directory) in its place. */
export async function fileSize(path: string): Promise<number | undefined> {
  try {
    const found = await lstat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const pieceSize = 256 * 1024;

/** A part of a file, piece by piece; a symbolic link is not followed. */
export async function* readFilePart(path: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    for (let at = start; at < end; ) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(Math.min(pieceSize, end - at)), { position: at });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** Whether a name is one of {@link createTemporary}. */
export function isTemporary(name: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);
}

/** Reads a file whole. @throws {Error} for anything but a regular file: a pipe would be read for ever */
export async function readWhole(path: string): Promise<Uint8Array> {
  if (!(await stat(path)).isFile()) throw new Error(`${path}: expected a regular file, found something else`);
  return new Uint8Array(await readFile(path));
}

/** A new file with a unique name in `directory`. */
export async function createTemporary(directory: string): Promise<{ path: string; file: FileHandle }> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, randomUUID());
  return { path, file: await open(path, 'wx+', 0o644) };
}

/** Moves a file that has been written and synced to its place, at once, and makes its name last. */
export async function moveInto(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** Writes a file so that a reader sees the old one or the new one, also after a crash; a failure leaves nothing in `scratch`. */
export async function replaceFile(scratch: string, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = await createTemporary(scratch);
  try {
    try {
      await temporary.file.writeFile(bytes);
      await temporary.file.sync();
    } finally {
      await temporary.file.close();
    }
    await moveInto(temporary.path, path);
  } catch (error) {
    await removeFile(temporary.path).catch(() => undefined);
    throw error;
  }
}

/** Removes a file; one that is not there is no failure. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
