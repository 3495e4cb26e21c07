import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkLayoutFile, createLayoutRepository, type LayoutRepository, OciError } from '@notarykit/oci/internal';
import { RegistryError } from '../../errors.js';
import { type FileSystem, nodeFileSystem, onFiles, storageError, systemCode } from './file-system.js';
import { withLock } from './lock.js';
import { nameOf, type OpenLayoutOptions } from './open-layout.js';
import { openRegular } from './read-blob.js';
import { createTarFiles } from './tar-files.js';
import { indexTar, readAt, type TarLayoutIndex } from './tar-members.js';

/** A layout in a tar archive. What is pushed waits in a folder beside the archive until it is saved. */
export interface LayoutTar extends LayoutRepository {
  /** Writes the archive anew and as a whole, if anything changed; equal content gives equal bytes. */
  save(): Promise<void>;
  /** Ends the use of the archive; what was not saved is gone. */
  close(): Promise<void>;
}

/**
 * The repository in an OCI image layout that is a tar archive: read in place, without extraction.
 *
 * @throws {OciError} `ERR_OCI_INVALID`, `ERR_OCI_UNSUPPORTED`, `ERR_OCI_PATH` for invalid or hostile archives
 * @throws {RegistryError} `ERR_REGISTRY_STORAGE` when the file system fails
 *
 * @example
 * ```ts
 * const archive = await openLayoutTar('./backup.tar', { create: true });
 * await archive.push(descriptor, bytes);
 * await archive.save();
 * await archive.close();
 * ```
 */
export async function openLayoutTar(path: string, options: OpenLayoutOptions = {}): Promise<LayoutTar> {
  const file = resolve(path);
  const fs = options.fileSystem ?? nodeFileSystem;
  const archive = await openArchive(fs, file, options.create === true);
  try {
    let stamp = await stampOf(fs, file);
    const files = await onFiles(`cannot read ${file}`, () => createTarFiles(fs, file, archive));
    return {
      ...createLayoutRepository(files, options.name ?? nameOf(file)),
      async save() {
        if (!files.changed) return;
        await withLock(fs, `${file}.lock`, async ({ check }) => {
          if ((await stampOf(fs, file)) !== stamp) throw changedMeanwhile(file);
          await files.save(file, check);
          stamp = await stampOf(fs, file);
        });
      },
      async close() {
        await onFiles(`cannot clean up beside ${file}`, () => files.discard());
        await archive?.handle.close().catch(() => undefined);
      },
    };
  } catch (error) {
    await archive?.handle.close();
    throw error;
  }
}

async function openArchive(
  fs: FileSystem,
  file: string,
  create: boolean,
): Promise<{ handle: FileHandle; index: TarLayoutIndex } | undefined> {
  const handle = await openRegular(fs, file);
  if (handle === undefined) {
    if (create) return undefined;
    throw new RegistryError('ERR_REGISTRY_STORAGE', `there is no archive at ${file}`, {
      detail: { registry: '', retryable: false },
    });
  }
  try {
    const index = await onFiles(`cannot read ${file}`, () => indexTar(handle));
    if (index.layoutFile === undefined) {
      throw new OciError('ERR_OCI_INVALID', 'expected an OCI image layout: oci-layout is missing');
    }
    const { offset, size } = index.layoutFile;
    checkLayoutFile(await onFiles(`cannot read ${file}`, () => readAt(handle, offset, Math.min(size, 64 * 1024))));
    return { handle, index };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Tells whether an archive is still the one that was opened. */
async function stampOf(fs: FileSystem, file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await fs.stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'none';
    throw storageError(`cannot read the status of ${file}`, error);
  }
}

function changedMeanwhile(file: string): OciError {
  return new OciError('ERR_OCI_CONFLICT', `${file} was changed by another process since it was opened: open it again`);
}
