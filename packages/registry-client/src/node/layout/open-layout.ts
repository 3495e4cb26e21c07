import { basename, join, resolve } from 'node:path';
import { makeFolder } from '@notarykit/common/internal/node';
import {
  buildIndexDocument,
  buildLayoutFile,
  checkLayoutFile,
  createLayoutRepository,
  type LayoutRepository,
} from '@notarykit/oci/internal';
import { createDirectoryFiles, readSmall, replaceFile } from './directory-files.js';
import { type FileSystem, nodeFileSystem, onFiles, storageError, systemCode } from './file-system.js';
import { withLock } from './lock.js';

/** Options of {@link openLayout}. */
export interface OpenLayoutOptions {
  /** Make a layout where there is none. Default false. */
  readonly create?: boolean;
  /** `registry/repository` as trust policies know it. Default `local/<name of the directory or file>`. */
  readonly name?: string;
  /** The file system; replaced in tests. */
  readonly fileSystem?: FileSystem;
}

/**
 * The repository in an OCI image layout on disk. Several processes may use it at a time: blobs and `index.json` are replaced
 * as a whole, changes of `index.json` happen under a lock file. What a call that writes has reported as done is on the disk, as far as
 * the file system keeps its promise of `fsync`; a deleted blob may be back after a loss of power, listed by nothing. What others wrote
 * into `index.json` stays. It takes 200,000 entries and 64 MiB; a write beyond that is `ERR_OCI_LIMIT` and changes nothing.
 *
 * @throws {OciError} `ERR_OCI_INVALID` when there is no layout, `ERR_OCI_UNSUPPORTED` for another version, `ERR_OCI_PATH` for links
 * @throws {RegistryError} `ERR_REGISTRY_STORAGE` when the file system fails
 *
 * @example
 * ```ts
 * const layout = await openLayout('./artifacts', { create: true });
 * ```
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export async function openLayout(path: string, options: OpenLayoutOptions = {}): Promise<LayoutRepository> {
  const root = resolve(path);
  const fs = options.fileSystem ?? nodeFileSystem;
  if (options.create === true) await createLayout(fs, root);
  checkLayoutFile(await onFiles(`cannot open ${root}`, () => readSmall(fs, join(root, 'oci-layout'), 64 * 1024)));
  const files = createDirectoryFiles(root, fs);
  await files.readIndex();
  return createLayoutRepository(files, options.name ?? nameOf(root));
}

/** @internal A repository name of a file name. */
export function nameOf(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/\.tar$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `local/${name === '' ? 'layout' : name}`;
}

async function createLayout(fs: FileSystem, root: string): Promise<void> {
  await onFiles(`cannot create ${root}`, () => makeFolder(root, fs));
  await withLock(fs, join(root, 'index.json.lock'), async ({ check }) => {
    const isThere = (name: string): Promise<boolean> => isPresent(fs, join(root, name));
    if (!(await isThere('index.json'))) await replaceFile(fs, join(root, 'index.json'), buildIndexDocument([]), check);
    // The marker comes last: an incomplete layout is not a layout.
    if (!(await isThere('oci-layout'))) await replaceFile(fs, join(root, 'oci-layout'), buildLayoutFile(), check);
  });
}

async function isPresent(fs: FileSystem, path: string): Promise<boolean> {
  try {
    await fs.lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw storageError(`cannot read the status of ${path}`, error);
  }
}
