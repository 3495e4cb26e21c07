import type { FileHandle } from 'node:fs/promises';
import type { Bytes } from '@notarykit/common/internal';
import { type Digest, isDigest, OciError, readTarMembers, type TarSource } from '@notarykit/oci/internal';

/** Where a member's content is in the archive. */
export interface TarPlace {
  readonly offset: number;
  readonly size: number;
}

/** The members of a layout archive: `oci-layout`, `index.json`, and blobs by digest. */
export interface TarLayoutIndex {
  readonly layoutFile: TarPlace | undefined;
  readonly indexFile: TarPlace | undefined;
  readonly blobs: ReadonlyMap<Digest, TarPlace>;
}

/**
 * Reads where things are; nothing is extracted. Links and devices are refused wherever they stand, for readers differ on what they
 * mean (threats L7); files that belong to no layout, such as docker's `manifest.json`, are passed over.
 *
 * @throws {OciError} `ERR_OCI_PATH`, `ERR_OCI_INVALID`
 */
export async function indexTar(handle: FileHandle): Promise<TarLayoutIndex> {
  const blobs = new Map<Digest, TarPlace>();
  let layoutFile: TarPlace | undefined;
  let indexFile: TarPlace | undefined;
  for await (const { name, type, offset, size } of readTarMembers(await fileSource(handle))) {
    if (type === 'other')
      throw new OciError('ERR_OCI_PATH', `the archive holds a link or a device at "${name.slice(0, 200)}"`);
    if (type !== 'file') continue;
    if (name === 'oci-layout') layoutFile = { offset, size };
    else if (name === 'index.json') indexFile = { offset, size };
    const digest = name.replace(/^blobs\/([^/]+)\/([^/]+)$/, '$1:$2');
    if (digest !== name && isDigest(digest)) blobs.set(digest, { offset, size });
  }
  return { layoutFile, indexFile, blobs };
}

const window = 64 * 1024;

/** An archive in a file, read at positions; the content of members is never touched while they are indexed. */
async function fileSource(handle: FileHandle): Promise<TarSource> {
  const { size } = await handle.stat();
  let position = 0;
  let cache: Uint8Array = new Uint8Array(0);
  let cacheStart = 0;
  return {
    get position() {
      return position;
    },
    async read(length) {
      const inCache = position >= cacheStart && position + length <= cacheStart + cache.length;
      if (!inCache) {
        cache = await readAt(handle, position, Math.min(Math.max(length, window), Math.max(0, size - position)));
        cacheStart = position;
      }
      const bytes = cache.subarray(position - cacheStart, position - cacheStart + length);
      position += bytes.length;
      return bytes;
    },
    async skip(length) {
      position += length;
      if (position > size)
        throw new OciError('ERR_OCI_INVALID', 'expected a tar archive, found one that ends inside a member');
    },
  };
}

/** Exactly what is there of so many bytes. */
export async function readAt(handle: FileHandle, offset: number, length: number): Promise<Bytes> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await handle.read(bytes, at, length - at, offset + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}
