import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { copyFile, link, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  createDigester,
  type Digest,
  type DigestAlgorithm,
  type Digester,
  isDigest,
  parseDigest,
} from '@notarykit/oci/internal';
import type { BlobStore, ByteRange, StagedBlob } from './blob-store.js';
import { createTemporary, fileSize, isMissing, moveInto, readFilePart, removeFile } from './disk-files.js';
import type { LayoutFolder } from './layout-tables.js';

class DiskStaged implements StagedBlob {
  readonly path: string;
  size = 0;
  // Nearly every blob is addressed by sha256: hashing while it is written saves reading it again.
  readonly #sha256: Digester = createDigester('sha256');
  #file: FileHandle | undefined;

  constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#sha256.update(bytes);
    const file = await this.#opened();
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, at, bytes.length - at, this.size);
      at += bytesWritten;
      this.size += bytesWritten;
    }
  }

  async digest(algorithm: DigestAlgorithm): Promise<Digest> {
    if (algorithm === 'sha256') return this.#sha256.digest();
    const digester = createDigester(algorithm);
    for await (const bytes of readFilePart(this.path, 0, this.size)) digester.update(bytes);
    return digester.digest();
  }

  /** Everything is on the disk, and the file is closed. */
  async settle(): Promise<void> {
    await (await this.#opened()).sync();
    await this.pause();
  }

  async pause(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async discard(): Promise<void> {
    await this.pause();
    await removeFile(this.path);
  }

  async #opened(): Promise<FileHandle> {
    this.#file ??= await open(this.path, 'r+');
    return this.#file;
  }
}

class DiskBlobs implements BlobStore {
  readonly #layout: string;
  readonly #scratch: string;
  readonly #check: () => Promise<void>;

  constructor({ layout, scratch, check }: LayoutFolder) {
    this.#layout = layout;
    this.#scratch = scratch;
    this.#check = check;
  }

  /** Only a digest that has been parsed becomes a path. */
  path(digest: Digest): string {
    const { algorithm, hex } = parseDigest(digest);
    return join(this.#layout, 'blobs', algorithm, hex);
  }

  size(digest: Digest): Promise<number | undefined> {
    return fileSize(this.path(digest));
  }

  read(digest: Digest, { start, end }: ByteRange): AsyncIterable<Uint8Array> {
    return readFilePart(this.path(digest), start, end);
  }

  async stage(): Promise<StagedBlob> {
    await this.#check();
    const { path, file } = await createTemporary(this.#scratch);
    return new DiskStaged(path, file);
  }

  async commit(digest: Digest, staged: StagedBlob): Promise<void> {
    const disk = staged as DiskStaged;
    await disk.settle();
    await this.#check();
    await moveInto(disk.path, this.path(digest));
  }

  async link(digest: Digest, from: BlobStore): Promise<boolean> {
    await this.#check();
    const temporary = join(this.#scratch, randomUUID());
    await mkdir(dirname(temporary), { recursive: true });
    const source = (from as DiskBlobs).path(digest);
    try {
      // Two names of one file; where the file system has none of that, a copy.
      await link(source, temporary).catch(() => copyFile(source, temporary));
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
    try {
      await moveInto(temporary, this.path(digest));
    } finally {
      // rename of two names of one file leaves both.
      await removeFile(temporary);
    }
    return true;
  }

  async delete(digest: Digest): Promise<void> {
    await this.#check();
    await removeFile(this.path(digest));
  }

  async list(): Promise<readonly Digest[]> {
    const folders = await namesIn(join(this.#layout, 'blobs'));
    const lists = folders.map(async (algorithm) => {
      const names = await namesIn(join(this.#layout, 'blobs', algorithm));
      return names.map((name) => `${algorithm}:${name}`).filter(isDigest);
    });
    return (await Promise.all(lists)).flat();
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Content in the `blobs` folder of an OCI image layout; uploads wait in `scratch`, on the same file system. */
export function diskBlobs(folder: LayoutFolder): BlobStore {
  return new DiskBlobs(folder);
}
