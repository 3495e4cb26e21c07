import type { HashAlgorithm } from '@notarykit/common/internal';
import type { KeyPairScheme } from './keys.js';

/** How a structure is signed; by default the way of the key: ECDSA with its hash, or PKCS#1 with SHA-256. */
export interface SigningOptions {
  readonly scheme?: KeyPairScheme;
  readonly hash?: HashAlgorithm;
}
