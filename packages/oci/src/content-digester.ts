import type { LargeHasher, LargeHasherOptions } from '@notarykit/common/internal';
import { createLargeHasher, encodeHex } from '@notarykit/common/internal';
import type { Descriptor } from './descriptor.js';
import type { Digest } from './digest.js';
import { parseDigest } from './digest.js';

/** A digester of content that may be large. */
export interface ContentDigester {
  /** Adds bytes. They are the caller's again, and the next may come, when it has resolved. */
  update(bytes: Uint8Array): Promise<void>;
  /** The digest of all bytes added; call once. */
  digest(): Promise<Digest>;
  /** Ends it without a digest. */
  cancel(): void;
}

/**
 * A digester for the content of a descriptor: large content is hashed by another thread, where the platform has one, while this one moves it.
 *
 * @throws {OciError} `ERR_OCI_INVALID`, `ERR_OCI_UNSUPPORTED` for a digest that cannot be computed
 */
export function createContentDigester(
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  options: LargeHasherOptions = {},
): ContentDigester {
  const { algorithm } = parseDigest(digest);
  let hasher: LargeHasher | undefined;
  let cancelled = false;
  const begun = async (): Promise<LargeHasher> => {
    hasher ??= await createLargeHasher(algorithm, size, options);
    // It was cancelled while its thread started: without this, its job would stay open there.
    if (cancelled) hasher.cancel();
    return hasher;
  };
  return {
    update: async (bytes) => await (hasher ?? (await begun())).update(bytes),
    digest: async () => `${algorithm}:${encodeHex(await (await begun()).digest())}`,
    cancel() {
      cancelled = true;
      hasher?.cancel();
    },
  };
}
