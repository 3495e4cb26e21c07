import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isCodedError, quote } from '@notarykit/common/internal';
import { OciError } from '@notarykit/oci/internal';
import { claimedNames } from './claimed-names.js';
import { checkFilePath } from './path.js';

/** A directory into which names from outside are written. */
export interface SafeDirectory {
  readonly path: string;
  /** Makes what is missing of the parents of a name, and gives its absolute path. */
  place(name: string): Promise<string>;
  makeDirectory(name: string): Promise<void>;
  /** Writes a new file; nothing that is there is followed or replaced. */
  writeFile(name: string, mode: number, content: AsyncIterable<Uint8Array>): Promise<void>;
}

/**
 * Opens a directory that exists. Each parent is looked at without following links at the time of writing: checking names alone
 * has not been enough elsewhere.
 */
export async function safeDirectory(directory: string): Promise<SafeDirectory> {
  const root = await realpath(directory);
  const claim = claimedNames();

  const enter = async (parts: readonly string[]): Promise<string> => {
    let path = root;
    for (const part of parts) {
      path = join(path, part);
      await mkdir(path).catch(unlessExists);
      if (!(await lstat(path)).isDirectory()) throw refuse(path, 'a parent is not a directory');
    }
    const real = await realpath(path);
    if (real !== root && !real.startsWith(root + sep)) throw refuse(path, 'a parent leads out of the directory');
    return path;
  };
  const place = async (name: string): Promise<string> => {
    const path = checkFilePath(name);
    claim(path);
    const parts = path.split('/');
    return join(await enter(parts.slice(0, -1)), parts.at(-1) as string);
  };
  return {
    path: root,
    place,
    async makeDirectory(name) {
      await place(name);
      await enter(name.split('/'));
    },
    async writeFile(name, mode, content) {
      await createFile(await place(name), mode, content);
    },
  };
}

async function createFile(path: string, mode: number, content: AsyncIterable<Uint8Array>): Promise<void> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
  const file = await open(path, flags, (mode & 0o111) === 0 ? 0o644 : 0o755);
  try {
    await writeAll(file, content);
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
  await file.close();
}

async function writeAll(file: FileHandle, content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of content) await file.writeFile(chunk);
}

function unlessExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

function refuse(path: string, why: string): OciError {
  return new OciError('ERR_OCI_PATH', `${quote(path)} is not written: ${why}`);
}

/**
 * Runs work in a new directory inside `directory`, which is gone afterwards, whatever happens. What the work moves out of it
 * appears whole.
 */
export async function withStaging<T>(directory: string, work: (staging: SafeDirectory) => Promise<T>): Promise<T> {
  const path = join(directory, `.notarykit-${randomUUID()}`);
  await mkdir(path, { mode: 0o700 });
  try {
    return await work(await safeDirectory(path));
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** Turns an error of the file system into ours; the path stays in its cause. */
export function fileError(error: unknown, what: string): unknown {
  if (isCodedError(error)) return error;
  return new OciError('ERR_OCI_PATH', `${what} could not be written: ${(error as Error).message}`, { cause: error });
}
