import type { KeySpec } from '@notarykit/signature-envelope';
import { algorithmOf, ecdsaP1363ToDer } from '@notarykit/signature-envelope';
import type { KeyPair } from '../authority/keys.js';
import { signDigest } from './sign-digest.js';

/** What a key service does wrong, on demand; a test changes the members while the service runs. */
export interface KmsFaults {
  /** So many of the next requests are throttled. */
  throttle: number;
  /** Every request is denied. */
  denied: boolean;
  /** The key is disabled. */
  disabled: boolean;
  /** Before each answer, in milliseconds. */
  delayMs: number;
  /** One bit of every signature is turned. */
  wrongSignature: boolean;
  /** DER where r and s belong, and the other way round. */
  swapEncoding: boolean;
}

/** A service without faults. */
export function noFaults(): KmsFaults {
  return { throttle: 0, denied: false, disabled: false, delayMs: 0, wrongSignature: false, swapEncoding: false };
}

/** Versions of a key, oldest first; the last is current. A test adds one to rotate. */
export interface KmsKey {
  readonly name: string;
  readonly versions: KeyPair[];
}

/** Signs a digest with one version of a key; `der` is how the service writes ECDSA signatures. */
export function signWith(pair: KeyPair, digest: Uint8Array, der: boolean, faults: KmsFaults): Uint8Array {
  const { hash, type } = algorithmOf(pair.keySpec as KeySpec);
  const signature = Uint8Array.from(signDigest(pair.pkcs8, hash, digest));
  if (faults.wrongSignature) signature[signature.length - 1] = (signature.at(-1) as number) ^ 1;
  return type === 'ec' && der !== faults.swapEncoding ? ecdsaP1363ToDer(signature) : signature;
}
