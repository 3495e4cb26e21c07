import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { Bytes } from './bytes.js';
import type { HashAlgorithm, Hasher } from './hash.js';

const functions = { sha256, sha384, sha512 };

export function createPlatformHasher(algorithm: HashAlgorithm): Hasher {
  const hash = functions[algorithm].create();
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) as Bytes };
}

export function platformHash(algorithm: HashAlgorithm, bytes: Uint8Array): Bytes {
  return functions[algorithm](bytes) as Bytes;
}
