import type { HashAlgorithm } from '@notarykit/common/internal';
import type { PublicKey } from './public-key.js';

/** SHA-1 exists for revocation answers of old vectors only; no option of a public function reaches it by default. */
export type SignatureHash = HashAlgorithm | 'sha1';

/** A signature algorithm with all its parameters. */
export type SignatureParameters =
  | { readonly scheme: 'rsassa-pkcs1'; readonly hash: SignatureHash }
  | { readonly scheme: 'rsassa-pss'; readonly hash: SignatureHash; readonly saltLength: number }
  | { readonly scheme: 'ecdsa'; readonly hash: SignatureHash }
  // RFC 8032: hashes by itself. Only authorities sign with it; a Notary signature never does.
  | { readonly scheme: 'ed25519' };

/** Those that hash the data first, by a hash of the caller's choice. */
export type HashedParameters = Exclude<SignatureParameters, { readonly scheme: 'ed25519' }>;

/**
 * What a platform must do: say whether a signature (ECDSA as `r ‖ s`) is the key's over the data. It keeps imported keys for
 * as long as the key object lives, and refuses a key that it cannot import with `ERR_PKI_KEY`.
 */
export type PlatformVerify = (
  key: PublicKey,
  parameters: SignatureParameters,
  data: Uint8Array,
  signature: Uint8Array,
  /** Others are checked at the same time: another thread may do it. Default false. */
  concurrent?: boolean,
) => boolean | Promise<boolean>;

const digestLengths: Readonly<Record<SignatureHash, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** Length of a hash in bytes. */
export function digestLength(hash: SignatureHash): number {
  return digestLengths[hash];
}
