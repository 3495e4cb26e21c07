import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Bytes } from '@notarykit/common/internal';
import { makeFolder, sweepTemporaries, temporaryName } from '@notarykit/common/internal/node';
import {
  buildIndexDocument,
  type Digest,
  type LayoutBlob,
  type LayoutFiles,
  layoutTar,
  maxIndexSize,
  OciError,
  readIndexDocument,
} from '@notarykit/oci/internal';
import { createDirectoryFiles, writeFileWhole } from './directory-files.js';
import { codedFiles, type FileSystem, onFiles } from './file-system.js';
import { streamFile } from './read-blob.js';
import { readAt, type TarLayoutIndex } from './tar-members.js';

/** The files of a layout in an archive, with what was written since it was opened. */
export interface TarFiles extends LayoutFiles {
  /** Whether there is something to save. */
  readonly changed: boolean;
  /** Writes the archive anew, as a whole. */
  save(path: string, check: () => Promise<void>): Promise<void>;
  /** Throws away what was not saved. */
  discard(): Promise<void>;
}

/** An archive read in place, under a layer of new blobs that wait beside it for `save`. */
export async function createTarFiles(
  fs: FileSystem,
  path: string,
  archive: { readonly handle: FileHandle; readonly index: TarLayoutIndex } | undefined,
): Promise<TarFiles> {
  const staging = temporaryName(path, 'staging');
  const added = createDirectoryFiles(staging, fs);
  const removed = new Set<Digest>();
  let index: Bytes = await readIndexOf(archive);
  let changed = archive === undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let swept: Promise<void> | undefined;
  // Before the first write, what writers of this archive left that were killed: reading changes nothing.
  const sweep = (): Promise<void> => {
    swept ??= sweepTemporaries([dirname(path)], { prefix: `${basename(path)}.`, fileSystem: fs });
    return swept;
  };

  const openArchived = (digest: Digest): LayoutBlob | undefined => {
    const place = removed.has(digest) ? undefined : archive?.index.blobs.get(digest);
    if (place === undefined || archive === undefined) return undefined;
    // The handle is shared: it stays open when a stream ends.
    const reader = { read: archive.handle.read.bind(archive.handle), close: async () => undefined };
    const stream = (offset: number, length: number): ReadableStream<Uint8Array> =>
      streamFile(reader, place.offset + offset, length);
    return { size: place.size, stream, close: reader.close };
  };

  const files: TarFiles = {
    get changed() {
      return changed;
    },
    readIndex: async () => index,
    async changeIndex(change) {
      const next = turn.then(async () => {
        const changedIndex = await change(index);
        if (changedIndex === undefined) return;
        index = new Uint8Array(changedIndex) as Bytes;
        changed = true;
      });
      turn = next.catch(() => undefined);
      await next;
    },
    openBlob: async (digest) => openArchived(digest) ?? (await added.openBlob(digest)),
    async hasBlob(digest, size) {
      const place = removed.has(digest) ? undefined : archive?.index.blobs.get(digest);
      return place?.size === size || (await added.hasBlob(digest, size));
    },
    async writeBlob(descriptor, content, signal) {
      await sweep();
      await onFiles(`cannot write beside ${path}`, () => makeFolder(staging, fs));
      await added.writeBlob(descriptor, content, signal);
      changed = true;
    },
    async deleteBlob(digest) {
      if (archive?.index.blobs.has(digest)) removed.add(digest);
      if (await added.openBlob(digest).then((blob) => blob?.close().then(() => true))) await added.deleteBlob(digest);
      changed = true;
    },
    async *blobs() {
      const seen = new Set<Digest>();
      for (const [digest, { size }] of archive?.index.blobs ?? []) {
        if (removed.has(digest)) continue;
        seen.add(digest);
        yield { digest, size };
      }
      for await (const blob of added.blobs()) if (!seen.has(blob.digest)) yield blob;
    },
    async save(target, check) {
      await sweep();
      const { entries, members } = readIndexDocument(index);
      const archived = layoutTar(files, entries, members);
      await onFiles(`cannot write ${target}`, () => writeFileWhole(fs, target, archived, { mode: 0o644, check }));
      changed = false;
    },
    discard: async () => await fs.rm(staging, { recursive: true, force: true }),
  };
  return codedFiles(path, files);
}

async function readIndexOf(archive: { handle: FileHandle; index: TarLayoutIndex } | undefined): Promise<Bytes> {
  if (archive === undefined) return new Uint8Array(buildIndexDocument([])) as Bytes;
  const place = archive.index.indexFile;
  if (place === undefined) throw new OciError('ERR_OCI_INVALID', 'expected an OCI image layout: index.json is missing');
  if (place.size > maxIndexSize) {
    throw new OciError('ERR_OCI_TOO_LARGE', `index.json: expected at most ${maxIndexSize} bytes, found ${place.size}`);
  }
  return await readAt(archive.handle, place.offset, place.size);
}
