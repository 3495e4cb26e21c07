import { type Bytes, type CallOptions, decodeBase64, singleFlight, streamOf } from '@notarykit/common/internal';
import {
  type ContentReader,
  checkContent,
  type Descriptor,
  type Digest,
  type FetchedManifest,
  fetchBytes,
  OciError,
  parseManifest,
  verifyStream,
} from '@notarykit/oci/internal';
import { ContentStore, type KeptContent } from './kept-content.js';
import type { GraphLimits } from './limits.js';

/**
 * How a manifest is read: `exact` for what is judged, where a document must name itself by its own type; `tolerant` for walking and
 * copying, where the Docker twin of an OCI type will do.
 */
export type Reading = 'exact' | 'tolerant';

/** Options of a call that reads a manifest. */
export interface ReadOptions extends CallOptions {
  /** Default `exact`. */
  readonly reading?: Reading;
}

/** Reads content once, while it fits what may be kept; work that several ask for at a time is done once. */
export interface ContentCache {
  manifest(node: Descriptor, options?: ReadOptions): Promise<FetchedManifest>;
  bytes(blob: Descriptor, call?: CallOptions): Promise<Bytes>;
  stream(blob: Descriptor, call?: CallOptions): Promise<ReadableStream<Uint8Array>>;
  /** Takes in a manifest that is at no repository, for good. */
  pin(manifest: FetchedManifest): void;
  /** The bytes of a manifest, before anybody asks what they mean. */
  load(node: Descriptor, options?: ReadOptions): Promise<KeptContent>;
}

/** A cache over what a repository holds. */
export function createContentCache(repository: ContentReader, limits: GraphLimits): ContentCache {
  const store = new ContentStore(limits.keptBytes);
  const pinned = new Map<Digest, KeptContent>();
  const share = singleFlight<KeptContent>();

  const fetch = async (descriptor: Descriptor, limit: number, call: CallOptions): Promise<KeptContent> =>
    await share(
      `${descriptor.mediaType} ${descriptor.digest} ${descriptor.size} ${limit}`,
      async (signal) =>
        store.add(descriptor.digest, await fetchBytes(repository, descriptor, { maxBytes: limit, signal })),
      call,
    );

  const find = (descriptor: Descriptor): KeptContent | undefined => {
    const found = pinned.get(descriptor.digest) ?? store.find(descriptor.digest);
    if (found !== undefined) checkSize(descriptor, found.bytes.length);
    return found;
  };

  const load = async (node: Descriptor, { reading, ...call }: ReadOptions = {}): Promise<KeptContent> => {
    call.signal?.throwIfAborted();
    checkLength(node, limits.maxManifestBytes);
    const found = find(node);
    if (found !== undefined) return found;
    const data = reading === 'tolerant' ? embedded(node, limits.maxManifestBytes) : undefined;
    return data === undefined ? await fetch(node, limits.maxManifestBytes, call) : store.add(node.digest, data);
  };

  return {
    load,
    pin: ({ descriptor, bytes }) => void pinned.set(descriptor.digest, { bytes, parsed: new Map() }),
    async manifest(node, options = {}) {
      return parse(node, await load(node, options), options.reading);
    },
    async bytes(blob, call = {}) {
      call.signal?.throwIfAborted();
      checkLength(blob, limits.maxBlobBytes);
      return (find(blob) ?? (await fetch(blob, limits.maxBlobBytes, call))).bytes;
    },
    async stream(blob, call = {}) {
      call.signal?.throwIfAborted();
      const found = find(blob);
      return found === undefined ? verifyStream(await repository.fetch(blob, call), blob) : streamOf(found.bytes);
    },
  };
}

/** Parsed once for each type and reading that it is asked for by. */
export function parse(descriptor: Descriptor, content: KeptContent, reading: Reading = 'exact'): FetchedManifest {
  const key = `${reading} ${descriptor.mediaType}`;
  const manifest =
    content.parsed.get(key) ?? parseManifest(content.bytes, descriptor.mediaType, { twins: reading === 'tolerant' });
  content.parsed.set(key, manifest);
  return { descriptor, bytes: content.bytes, manifest };
}

/** The bytes that a descriptor carries, if they are what it describes; wrong ones are not used. */
function embedded({ mediaType, digest, size, data }: Descriptor, limit: number): Bytes | undefined {
  if (data === undefined || size > limit) return undefined;
  try {
    const bytes = decodeBase64(data);
    checkContent({ mediaType, digest, size }, bytes);
    return bytes;
  } catch {
    return undefined;
  }
}

function checkSize({ digest, size }: Descriptor, found: number): void {
  if (size !== found) throw new OciError('ERR_OCI_SIZE_MISMATCH', `${digest}: expected ${size} bytes, found ${found}`);
}

function checkLength({ digest, size }: Descriptor, limit: number): void {
  if (size > limit)
    throw new OciError('ERR_OCI_TOO_LARGE', `${digest}: expected at most ${limit} bytes, found ${size}`);
}
