import * as crypto from 'node:crypto';
import type { Bytes } from './bytes.js';
import type { HashAlgorithm, Hasher } from './hash.js';

export function createPlatformHasher(algorithm: HashAlgorithm): Hasher {
  const hash = crypto.createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) as Bytes };
}

/** In one call where the runtime has one (Node from 20.12): a hash object costs more than to hash a kilobyte. */
export const platformHash: (algorithm: HashAlgorithm, bytes: Uint8Array) => Bytes =
  typeof crypto.hash === 'function'
    ? (algorithm, bytes) => new Uint8Array(crypto.hash(algorithm, bytes, 'buffer')) as Bytes
    : (algorithm, bytes) => new Uint8Array(crypto.createHash(algorithm).update(bytes).digest()) as Bytes;
