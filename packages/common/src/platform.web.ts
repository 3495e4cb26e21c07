import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { Bytes } from './bytes.js';
import type { HashAlgorithm, Hasher } from './hash.js';
import type { hashThread as HashThreadOf } from './hash-thread.node.js';
import type {
  Base64Kind,
  platformHashHex as PlatformHashHex,
  platformSha256Hex as PlatformSha256Hex,
} from './platform.node.js';
import type { webCrypto } from './web-crypto.js';

/** No faster way here. */
export function platformEncode(_bytes: Uint8Array, _kind: Base64Kind): string | undefined {
  return undefined;
}

/** No faster way here. */
export function platformDecode(_text: string, _kind: Base64Kind): Bytes | undefined {
  return undefined;
}

const functions = { sha256, sha384, sha512 };

export function createPlatformHasher(algorithm: HashAlgorithm): Hasher {
  const hash = functions[algorithm].create();
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) as Bytes };
}

export function platformHash(algorithm: HashAlgorithm, bytes: Uint8Array): Bytes {
  return functions[algorithm](bytes) as Bytes;
}

const webNames = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

export async function platformDigest(
  algorithm: HashAlgorithm,
  bytes: Uint8Array,
  subtle: typeof webCrypto,
): Promise<Bytes> {
  return new Uint8Array(await subtle().digest(webNames[algorithm], bytes as Bytes));
}

/** No faster way here. */
export const platformHashHex: typeof PlatformHashHex = () => undefined;

/** Apart from the other functions, which a bundler leaves out where nothing else needs them. */
export function platformSha256(bytes: Uint8Array): Bytes {
  return sha256(bytes) as Bytes;
}

/** No faster way here. */
export const platformSha256Hex: typeof PlatformSha256Hex = () => undefined;

/** There is no such time here. */
export const endOfTurn = (): Promise<void> => Promise.resolve();

/** None here: a worker needs its own file that a page must be able to load. */
export const hashThread: typeof HashThreadOf = async () => undefined;
