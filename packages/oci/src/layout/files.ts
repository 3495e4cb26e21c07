import type { Bytes } from '@notarykit/common/internal';
import type { Descriptor } from '../descriptor.js';
import type { Digest } from '../digest.js';

/** A blob of a layout, open: `stream` may be called once, and closes what is open. */
export interface LayoutBlob {
  readonly size: number;
  /** The bytes from `offset` on, `length` of them. */
  stream(offset: number, length: number): ReadableStream<Uint8Array>;
  close(): Promise<void>;
}

/** Where the files of a layout are: a directory, or an archive. */
export interface LayoutFiles {
  /** Nothing of it ever changes: what was read once need not be looked for again. Default false. */
  readonly fixed?: boolean;
  /** The bytes of `index.json`. The same array, if it is given twice, holds the same bytes; it is what spares reading them again. */
  readIndex(): Promise<Bytes>;
  /** Replaces `index.json` as a whole by what `change` makes of it, while no one else writes; `undefined` leaves it. */
  changeIndex(change: (index: Bytes) => Promise<Uint8Array | undefined>): Promise<void>;
  openBlob(digest: Digest): Promise<LayoutBlob | undefined>;
  hasBlob(digest: Digest, size: number): Promise<boolean>;
  /** Writes content that is checked while it is written; it is there whole or not at all. */
  writeBlob(descriptor: Descriptor, content: ReadableStream<Uint8Array>, signal?: AbortSignal): Promise<void>;
  deleteBlob(digest: Digest): Promise<void>;
  blobs(): AsyncIterable<{ readonly digest: Digest; readonly size: number }>;
}
