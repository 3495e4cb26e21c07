import { type CallOptions, streamOf } from '@notarykit/common/internal';
import {
  type Descriptor,
  type Digest,
  type LayoutBlob,
  type LayoutContent,
  OciError,
  refName,
} from '@notarykit/oci/internal';
import type { GatherSource } from './gather-source.js';
import { bundleProblem } from './problem.js';

interface Part {
  readonly size: number;
  open(): Promise<ReadableStream<Uint8Array>>;
}

/** The parts of a bundle that is being made: small ones in memory, layers where they are until the archive is written. */
export interface Parts extends LayoutContent {
  has(digest: Digest): boolean;
  /** A part in memory. */
  add(descriptor: Descriptor, bytes: Uint8Array): void;
  /** A part that is read from its repository when the archive is written; it must be there. */
  refer(source: GatherSource, descriptor: Descriptor, call: CallOptions): Promise<void>;
  /** Lists a manifest in `index.json`: referrers are found by no other way. */
  list(descriptor: Descriptor, tag?: string): void;
  readonly entries: readonly Descriptor[];
}

/**
 * No parts yet.
 *
 * @param maxBytes - most bytes that are taken into memory
 */
export function createParts(maxBytes: number): Parts {
  const parts = new Map<Digest, Part>();
  const entries = new Map<Digest, Descriptor>();
  let left = maxBytes;
  return {
    has: (digest) => parts.has(digest),
    add({ digest }, bytes) {
      if (parts.has(digest)) return;
      left -= bytes.length;
      if (left < 0)
        throw new OciError(
          'ERR_OCI_TOO_LARGE',
          `expected at most ${maxBytes} bytes of manifests and evidence in a bundle`,
        );
      parts.set(digest, { size: bytes.length, open: async () => streamOf(bytes) });
    },
    async refer({ repository, view }, descriptor, call) {
      const { digest, size } = descriptor;
      if (parts.has(digest)) return;
      if (!(await repository.exists(descriptor, call)))
        throw bundleProblem('PART_MISSING', `${repository.name} has no content ${digest}: the bundle would lack it`);
      parts.set(digest, { size, open: () => view.stream(descriptor, call) });
    },
    list({ mediaType, digest, size }, tag) {
      const tagged = tag === undefined ? {} : { annotations: { [refName]: tag } };
      if (!entries.has(digest)) entries.set(digest, { mediaType, digest, size, ...tagged });
    },
    get entries() {
      return [...entries.values()];
    },
    async *blobs() {
      for (const [digest, { size }] of parts) yield { digest, size };
    },
    async openBlob(digest) {
      const part = parts.get(digest);
      return part === undefined ? undefined : blobOf(part.size, await part.open());
    },
  };
}

function blobOf(size: number, stream: ReadableStream<Uint8Array>): LayoutBlob {
  return { size, stream: () => stream, close: () => stream.cancel() };
}
