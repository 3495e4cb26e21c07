import type { Digest, DigestAlgorithm } from '@notarykit/oci/internal';

/** A part of a blob: first byte and the one after the last. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Bytes on their way into a repository. */
export interface StagedBlob {
  /** Bytes so far. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** The digest of the bytes so far. */
  digest(algorithm: DigestAlgorithm): Promise<Digest>;
  /** Keeps nothing open until the next bytes come. */
  pause(): Promise<void>;
  /** Throws the bytes away. */
  discard(): Promise<void>;
}

/** The content of one repository. */
export interface BlobStore {
  /** Size of a blob, `undefined` when it is not there. */
  size(digest: Digest): Promise<number | undefined>;
  /** The bytes; reading begins when the first is asked for. */
  read(digest: Digest, range: ByteRange): AsyncIterable<Uint8Array>;
  stage(): Promise<StagedBlob>;
  /** Makes staged bytes a blob, at once. The digest has been checked. */
  commit(digest: Digest, staged: StagedBlob): Promise<void>;
  /** Takes a blob over from another repository; `false` when it is not there. */
  link(digest: Digest, from: BlobStore): Promise<boolean>;
  delete(digest: Digest): Promise<void>;
  /** The digests of all blobs, manifests among them. */
  list(): Promise<readonly Digest[]>;
}
