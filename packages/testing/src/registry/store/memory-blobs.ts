import { copyBytes } from '@notarykit/common/internal';
import { createDigester, type Digest } from '@notarykit/oci/internal';
import { pieces } from '../http/bodies.js';
import type { BlobStore, ByteRange, StagedBlob } from './blob-store.js';

class MemoryStaged implements StagedBlob {
  parts: Uint8Array[] = [];
  size = 0;

  async append(bytes: Uint8Array): Promise<void> {
    // A copy: the caller may use its buffer again.
    this.parts.push(copyBytes(bytes));
    this.size += bytes.length;
  }

  async digest(algorithm: Parameters<StagedBlob['digest']>[0]): Promise<Digest> {
    const digester = createDigester(algorithm);
    for (const part of this.parts) digester.update(part);
    return digester.digest();
  }

  async pause(): Promise<void> {
    // Nothing is open in memory.
  }

  async discard(): Promise<void> {
    this.parts = [];
    this.size = 0;
  }
}

class MemoryBlobs implements BlobStore {
  readonly blobs: Map<Digest, readonly Uint8Array[]> = new Map();

  async size(digest: Digest): Promise<number | undefined> {
    return this.blobs.get(digest)?.reduce((length, part) => length + part.length, 0);
  }

  async *read(digest: Digest, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
    let offset = 0;
    for (const part of this.blobs.get(digest) ?? []) {
      const piece = part.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
      if (piece.length > 0) yield* pieces(piece);
      offset += part.length;
    }
  }

  async stage(): Promise<StagedBlob> {
    return new MemoryStaged();
  }

  async commit(digest: Digest, staged: StagedBlob): Promise<void> {
    // The list is not shared: what is appended to the upload later does not change what is stored under its digest.
    this.blobs.set(digest, [...(staged as MemoryStaged).parts]);
  }

  async link(digest: Digest, from: BlobStore): Promise<boolean> {
    const parts = (from as MemoryBlobs).blobs.get(digest);
    if (parts !== undefined) this.blobs.set(digest, parts);
    return parts !== undefined;
  }

  async delete(digest: Digest): Promise<void> {
    this.blobs.delete(digest);
  }

  async list(): Promise<readonly Digest[]> {
    return [...this.blobs.keys()];
  }
}

/** Content in memory. */
export function memoryBlobs(): BlobStore {
  return new MemoryBlobs();
}
