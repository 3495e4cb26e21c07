import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type LayoutBlob, OciError } from '@notarykit/oci/internal';
import { type FileSystem, storageError, systemCode } from './file-system.js';

const pieceSize = 256 * 1024;

/**
 * Opens a regular file without following a link; `undefined` when there is none.
 *
 * @throws {OciError} `ERR_OCI_PATH` for a link, a directory, a device (threats L5)
 */
export async function openRegular(fs: FileSystem, path: string): Promise<FileHandle | undefined> {
  let handle: FileHandle;
  try {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    handle = await fs.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (['ELOOP', 'EMLINK', 'ENXIO', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw notRegular(path, error);
    throw storageError(`cannot open ${path}`, error);
  }
  if ((await statOf(handle)).isFile()) return handle;
  await handle.close();
  throw notRegular(path);
}

/** What is known of an open file; it is closed when that cannot be found out. */
async function statOf(handle: FileHandle): Promise<Awaited<ReturnType<FileHandle['stat']>>> {
  try {
    return await handle.stat();
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw storageError('cannot read the status of an open file', error);
  }
}

function notRegular(path: string, cause?: unknown): OciError {
  return new OciError('ERR_OCI_PATH', `expected a regular file at ${path}, found a link or something else`, { cause });
}

/** A part of an open file as a stream, read as fast as it is taken; the file is closed at the end. */
export function streamFile(
  handle: Pick<FileHandle, 'read' | 'close'>,
  offset: number,
  length: number,
): ReadableStream<Uint8Array> {
  let at = offset;
  const end = offset + length;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = new Uint8Array(Math.min(pieceSize, end - at));
          const { bytesRead } = piece.length === 0 ? { bytesRead: 0 } : await handle.read(piece, 0, piece.length, at);
          at += bytesRead;
          if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
          if (at < end && bytesRead > 0) return;
          await handle.close();
          controller.close();
        } catch (error) {
          await handle.close().catch(() => undefined);
          throw storageError('cannot read a layout', error);
        }
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 0 },
  );
}

/** A blob over an open file. */
export async function fileBlob(handle: FileHandle): Promise<LayoutBlob> {
  const { size } = await statOf(handle);
  return {
    size: Number(size),
    stream: (offset, length) => streamFile(handle, offset, length),
    close: () => handle.close(),
  };
}
