import { createHash } from 'node:crypto';
import type { Bytes } from './bytes.js';
import type { HashAlgorithm, Hasher } from './hash.js';

export function createPlatformHasher(algorithm: HashAlgorithm): Hasher {
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) as Bytes };
}
