import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Bytes, defined, iterate } from '@notarykit/common/internal';
import { makeFolder, sweepTemporaries, syncFolder, temporaryName } from '@notarykit/common/internal/node';
import {
  type Digest,
  isDigest,
  type LayoutFiles,
  maxIndexSize,
  OciError,
  parseDigest,
  verifyStream,
} from '@notarykit/oci/internal';
import { codedFiles, type FileSystem, onFiles, storageError, systemCode } from './file-system.js';
import { withLock } from './lock.js';
import { fileBlob, openRegular } from './read-blob.js';

/** The files of a layout in a directory. Nothing is followed out of it, and nothing is visible before it is whole. */
export function createDirectoryFiles(root: string, fs: FileSystem): LayoutFiles {
  const blobPath = (digest: Digest): string => {
    const { algorithm, hex } = parseDigest(digest);
    return join(root, 'blobs', algorithm, hex);
  };
  const openBlobFile = async (digest: Digest): Promise<FileHandle | undefined> => {
    const path = blobPath(digest);
    if (!(await checkFolders(fs, root, parseDigest(digest).algorithm))) return undefined;
    return await openRegular(fs, path);
  };
  let lastIndex: Bytes | undefined;
  // The same array for the same bytes, so that they are parsed once.
  const readIndex = async (): Promise<Bytes> => {
    const bytes = await readSmall(fs, join(root, 'index.json'), maxIndexSize);
    if (lastIndex === undefined || Buffer.compare(lastIndex, bytes) !== 0) lastIndex = bytes;
    return lastIndex;
  };
  const folders = [root, join(root, 'blobs', 'sha256'), join(root, 'blobs', 'sha512')];
  let swept: Promise<void> | undefined;
  // Before the first write: reading changes nothing.
  const sweep = (): Promise<void> => {
    swept ??= sweepTemporaries(folders, { fileSystem: fs });
    return swept;
  };

  return codedFiles(root, {
    readIndex,
    async changeIndex(change) {
      await sweep();
      await withLock(fs, join(root, 'index.json.lock'), async ({ check }) => {
        const next = await change(await readIndex());
        if (next !== undefined) await replaceFile(fs, join(root, 'index.json'), next, check);
      });
    },
    async openBlob(digest) {
      const handle = await openBlobFile(digest);
      return handle === undefined ? undefined : await fileBlob(handle);
    },
    async hasBlob(digest, size) {
      const handle = await openBlobFile(digest);
      if (handle === undefined) return false;
      try {
        // A file of another size is what a crash of some other writer left: it is written again.
        return (await handle.stat()).size === size;
      } finally {
        await handle.close();
      }
    },
    async writeBlob(descriptor, content, signal) {
      const { algorithm } = parseDigest(descriptor.digest);
      await onFiles(`cannot write ${descriptor.digest}`, async () => {
        await makeFolder(join(root, 'blobs', algorithm), fs);
        await checkFolders(fs, root, algorithm);
        await sweep();
        await writeFileWhole(fs, blobPath(descriptor.digest), verifyStream(content, descriptor), {
          mode: 0o444,
          ...defined({ signal }),
        });
      });
    },
    async deleteBlob(digest) {
      await onFiles(`cannot delete ${digest}`, () => fs.unlink(blobPath(digest)));
    },
    async *blobs() {
      for (const algorithm of ['sha256', 'sha512']) {
        if (!(await checkFolders(fs, root, algorithm))) continue;
        for (const name of (await fs.readdir(join(root, 'blobs', algorithm))).sort()) {
          const digest = `${algorithm}:${name}` as const;
          if (!isDigest(digest)) continue;
          const info = await fs.lstat(join(root, 'blobs', algorithm, name));
          if (info.isFile()) yield { digest, size: info.size };
        }
      }
    },
  });
}

/** Whether the folder of blobs is there; a link in its place is refused (threats L5). */
async function checkFolders(fs: FileSystem, root: string, algorithm: string): Promise<boolean> {
  for (const path of [join(root, 'blobs'), join(root, 'blobs', algorithm)]) {
    try {
      if (!(await fs.lstat(path)).isDirectory())
        throw new OciError('ERR_OCI_PATH', `expected a directory at ${path}, found a link or a file`);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw storageError(`cannot read the status of ${path}`, error);
    }
  }
  return true;
}

/** A small file, at most `limit` bytes, without following a link. */
export async function readSmall(fs: FileSystem, path: string, limit: number): Promise<Bytes> {
  const handle = await openRegular(fs, path);
  if (handle === undefined) throw new OciError('ERR_OCI_INVALID', `expected an OCI image layout: ${path} is missing`);
  try {
    const { size } = await handle.stat();
    if (size > limit)
      throw new OciError('ERR_OCI_TOO_LARGE', `${path}: expected at most ${limit} bytes, found ${size}`);
    return new Uint8Array(await handle.readFile()) as Bytes;
  } finally {
    await handle.close();
  }
}

/** Replaces a file as a whole: readers see the old or the new one. `check` has the last word before that. */
export async function replaceFile(
  fs: FileSystem,
  path: string,
  bytes: Uint8Array,
  check: () => Promise<void>,
): Promise<void> {
  const content = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  await onFiles(`cannot write ${path}`, () => writeFileWhole(fs, path, content, { mode: 0o644, check }));
}

interface WriteFileOptions {
  readonly mode: number;
  readonly signal?: AbortSignal;
  /** Asked before the file takes its place. */
  readonly check?: () => Promise<void>;
}

/** Writes a temporary file beside `path`, makes it last, renames it, and makes its name last; a failure leaves no temporary file. */
export async function writeFileWhole(
  fs: FileSystem,
  path: string,
  content: ReadableStream<Uint8Array>,
  { mode, signal, check }: WriteFileOptions,
): Promise<void> {
  const temporary = temporaryName(path);
  const handle = await fs.open(temporary, 'wx', 0o600).catch(async (error: unknown) => {
    await content.cancel().catch(() => undefined);
    throw error;
  });
  try {
    try {
      for await (const chunk of iterate(content, signal)) await writeAll(handle, chunk);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await check?.();
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path), fs);
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at, chunk.length - at)).bytesWritten;
}
