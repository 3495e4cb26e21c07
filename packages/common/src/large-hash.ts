import { hashThread } from '#platform';
import type { Bytes } from './bytes.js';
import { createHasher, type HashAlgorithm } from './hash.js';
import { RuntimeError } from './web-crypto.js';

/** A hash of large content under way. */
export interface LargeHasher {
  /** Adds bytes. Where it gives a promise, the bytes are the caller's again, and the next may come, when that has resolved. */
  update(bytes: Uint8Array): Promise<void> | undefined;
  /** The digest of all bytes added; call once. */
  digest(): Promise<Bytes>;
  /** Ends it without a digest, also while an update is under way; does nothing after its end. */
  cancel(): void;
}

/** Less than this is hashed faster than another thread takes it over. */
const largeBytes = 8 * 1024 * 1024;

/** What becomes of hashed content. */
export interface LargeHasherOptions {
  /**
   * It is only passed on to somebody else: sender and receiver then keep two processors busy on a machine that has them both, and another
   * thread pays with more than two. Default false.
   */
  readonly passedOn?: boolean;
}

/**
 * A hasher for content of so many bytes: large content is hashed by another thread while this one moves it, where the platform has one.
 *
 * @throws {RuntimeError} `ERR_RUNTIME_THREAD` from `update` and `digest`, when the thread ended
 */
export async function createLargeHasher(
  algorithm: HashAlgorithm,
  size: number,
  { passedOn = false }: LargeHasherOptions = {},
): Promise<LargeHasher> {
  const thread = size < largeBytes ? undefined : await hashThread(passedOn ? 3 : 2, threadEnded);
  return thread === undefined ? hasherHere(algorithm) : thread.hasher(algorithm);
}

const threadEnded = (cause: unknown): RuntimeError =>
  new RuntimeError('ERR_RUNTIME_THREAD', 'the thread that hashes content ended', { cause });

function hasherHere(algorithm: HashAlgorithm): LargeHasher {
  const hasher = createHasher(algorithm);
  return {
    update(bytes) {
      hasher.update(bytes);
      return undefined;
    },
    digest: async () => hasher.digest(),
    cancel: () => undefined,
  };
}
