import { createPlatformHasher, platformHash, platformHashHex } from '#platform';
import { type Bytes, encodeHex, requireBytes } from './bytes.js';

/** The hash functions of the SDK. */
export type HashAlgorithm = 'sha256' | 'sha384' | 'sha512';

/** A hash under way. */
export interface Hasher {
  /** Adds bytes. */
  update(bytes: Uint8Array): void;
  /** The digest of all bytes added; call once. */
  digest(): Bytes;
}

/** A hasher that takes its input piece by piece: `node:crypto` where there is one, else pure JavaScript. */
export function createHasher(algorithm: HashAlgorithm): Hasher {
  return createPlatformHasher(algorithm);
}

/** The digest of bytes. @throws {CodecError} `ERR_CODEC_BYTES` */
export function hash(algorithm: HashAlgorithm, bytes: Uint8Array): Bytes {
  return platformHash(algorithm, requireBytes(bytes, 'what is hashed'));
}

/** The digest of bytes as lower-case hexadecimal digits. @throws {CodecError} `ERR_CODEC_BYTES` */
export function hashHex(algorithm: HashAlgorithm, bytes: Uint8Array): string {
  return platformHashHex(algorithm, requireBytes(bytes, 'what is hashed')) ?? encodeHex(hash(algorithm, bytes));
}
