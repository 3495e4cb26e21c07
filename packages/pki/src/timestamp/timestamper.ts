import type { CallOptions, HashAlgorithm } from '@notarykit/common/internal';

/** Gets an RFC 3161 timestamp token over a message. */
export interface Timestamper {
  /** The DER TimeStampToken (a CMS ContentInfo), its answer checked (status, imprint, nonce). */
  timestamp(message: Uint8Array, hash: HashAlgorithm, options?: CallOptions): Promise<Uint8Array>;
}
