import { algorithmOf, ecdsaP1363ToDer } from '@notarykit/signature-envelope/internal';
import type { KeyPair } from '../authority/keys.js';
import type { KmsAnswer } from './answer.js';
import { signDigest } from './sign-digest.js';
import { signDigestPkcs1 } from './sign-pkcs1.js';

/** What a key service does wrong, on demand; a test changes the members while the service runs. */
export interface KmsFaults {
  /** So many of the next requests are throttled. */
  throttle: number;
  /** Every request is denied. */
  denied: boolean;
  /** Reading a key, a certificate or a secret is denied; signing is not. */
  readDenied: boolean;
  /** The key is disabled. */
  disabled: boolean;
  /** Before each answer, in milliseconds. */
  delayMs: number;
  /** So many of the next connections are cut without an answer. */
  cut: number;
  /** How far the service's clock is ahead of the caller's, in milliseconds; a service that signs requests notices. */
  clockSkewMs: number;
  /** In place of every answer. */
  answer: KmsAnswer | undefined;
  /** One bit of every signature is turned. */
  wrongSignature: boolean;
  /** DER where r and s belong, and the other way round. */
  swapEncoding: boolean;
  /** RSASSA-PSS with a salt as long as possible, as some emulators make it. */
  maximalSalt: boolean;
  /** The newest version signs, whichever was asked for, and the answer does not say so. */
  ignoreVersion: boolean;
}

/** A service without faults. */
export function noFaults(): KmsFaults {
  return {
    throttle: 0,
    denied: false,
    readDenied: false,
    disabled: false,
    delayMs: 0,
    cut: 0,
    clockSkewMs: 0,
    answer: undefined,
    wrongSignature: false,
    swapEncoding: false,
    maximalSalt: false,
    ignoreVersion: false,
  };
}

/** Versions of a key, oldest first; the last is current. A test adds one to rotate. */
export interface KmsKey {
  readonly name: string;
  readonly versions: KeyPair[];
  /** A key that was made to encrypt does not sign. Default `sign`. */
  readonly usage?: 'sign' | 'encrypt';
}

/** How a signature is asked for. */
export interface KmsSigning {
  readonly versions: readonly KeyPair[];
  /** From 1. */
  readonly version: number;
  readonly digest: Uint8Array;
  /** Whether the service writes ECDSA signatures in DER. */
  readonly der: boolean;
  /** RSASSA-PKCS1-v1_5 in place of RSASSA-PSS. */
  readonly pkcs1?: boolean;
}

/** Signs a digest with one version of a key, with the faults that are on. */
export function signWith({ versions, version, digest, der, pkcs1 }: KmsSigning, faults: KmsFaults): Uint8Array {
  const pair = versions[(faults.ignoreVersion ? versions.length : version) - 1] as KeyPair;
  const { hash, type } = algorithmOf(pair.keySpec);
  const salt = faults.maximalSalt ? 'maximal' : 'hash';
  const made = pkcs1 === true ? signDigestPkcs1(pair.pkcs8, hash, digest) : signDigest(pair.pkcs8, hash, digest, salt);
  const signature = Uint8Array.from(made);
  if (faults.wrongSignature) signature[signature.length - 1] = (signature.at(-1) as number) ^ 1;
  return type === 'ec' && der !== faults.swapEncoding ? ecdsaP1363ToDer(signature) : signature;
}
