import { link, lstat, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { CodedError } from '@notarykit/common/internal';
import type { LayoutFiles } from '@notarykit/oci/internal';
import { RegistryError } from '../../errors.js';

/** The calls that a layout makes; replaced in tests by one that fails. */
export interface FileSystem {
  /** Where there is none, locks are made in two steps. */
  readonly link?: typeof link;
  readonly lstat: typeof lstat;
  readonly mkdir: typeof mkdir;
  readonly open: typeof open;
  readonly readdir: typeof readdir;
  readonly readFile: typeof readFile;
  readonly rename: typeof rename;
  readonly rm: typeof rm;
  readonly stat: typeof stat;
  readonly unlink: typeof unlink;
}

/** The platform's file system. */
export const nodeFileSystem: FileSystem = { link, lstat, mkdir, open, readdir, readFile, rename, rm, stat, unlink };

/** The code of a system error, for example `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return error instanceof Error && typeof code === 'string' ? code : undefined;
}

/** Turns a failure of the file system into a coded error: full disk, no permission, too many files. */
export function storageError(what: string, cause: unknown): unknown {
  if (cause instanceof CodedError) return cause;
  const code = systemCode(cause);
  if (code === undefined) return cause;
  return new RegistryError('ERR_REGISTRY_STORAGE', `${what}: ${code}`, {
    cause,
    detail: { registry: '', retryable: code === 'EMFILE' || code === 'EAGAIN' },
  });
}

/** Runs work on files, its failures coded. */
export async function onFiles<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw storageError(what, cause);
  }
}

/** The files of a layout at `path`, every failure of the file system coded. */
export function codedFiles<F extends LayoutFiles>(path: string, files: F): F {
  const what = `cannot use ${path}`;
  const coded: LayoutFiles = {
    readIndex: () => onFiles(what, () => files.readIndex()),
    changeIndex: (change) => onFiles(what, () => files.changeIndex(change)),
    openBlob: (digest) => onFiles(what, () => files.openBlob(digest)),
    hasBlob: (digest, size) => onFiles(what, () => files.hasBlob(digest, size)),
    writeBlob: (descriptor, content, signal) => onFiles(what, () => files.writeBlob(descriptor, content, signal)),
    deleteBlob: (digest) => onFiles(what, () => files.deleteBlob(digest)),
    async *blobs() {
      const blobs = files.blobs()[Symbol.asyncIterator]();
      for (
        let next = await onFiles(what, () => blobs.next());
        !next.done;
        next = await onFiles(what, () => blobs.next())
      )
        yield next.value;
    },
  };
  return Object.assign(Object.create(files) as F, coded);
}
