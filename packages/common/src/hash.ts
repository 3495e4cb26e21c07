import {
  createPlatformHasher,
  platformDigest,
  platformHash,
  platformHashHex,
  platformSha256,
  platformSha256Hex,
} from '#platform';
import { type Bytes, encodeHex, requireBytes } from './bytes.js';
import { webCrypto } from './web-crypto.js';

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

/**
 * The SHA-256 of bytes as lower-case hexadecimal digits. A program that needs no other hash loads no other: the three together are 4 kB
 * in a browser.
 *
 * @throws {CodecError} `ERR_CODEC_BYTES`
 */
export function sha256Hex(bytes: Uint8Array): string {
  return platformSha256Hex(requireBytes(bytes, 'what is hashed')) ?? encodeHex(platformSha256(bytes));
}

/**
 * The digest of bytes where the caller can wait: by Web Crypto in a browser, which then loads no function for it.
 *
 * @throws {CodecError} `ERR_CODEC_BYTES`
 * @throws {RuntimeError} `ERR_RUNTIME_NO_WEB_CRYPTO`
 */
export async function digestBytes(algorithm: HashAlgorithm, bytes: Uint8Array): Promise<Bytes> {
  return await platformDigest(algorithm, requireBytes(bytes, 'what is hashed'), webCrypto);
}
