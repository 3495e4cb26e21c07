import {
  type Bytes,
  decodeBase64Url,
  encodeBase64Url,
  type HashAlgorithm,
  type WebCryptoKey,
} from '@notarykit/common/internal';
import { algorithmOf, type KeySpec } from '@notarykit/signature-envelope/internal';
import { rsaPrimes } from './rsa-primes.js';

/** A key pair of the lab. */
export interface KeyPair {
  readonly keySpec: KeySpec;
  /** PKCS#8, DER. */
  readonly pkcs8: Bytes;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
}

/** How a key signs; EC keys know only `ecdsa`. */
export type KeyPairScheme = 'pkcs1' | 'pss' | 'ecdsa';

/** Names of hashes in WebCrypto. */
export const hashNames: Readonly<Record<HashAlgorithm, string>> = {
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

/**
 * A key pair that no one else has. New RSA keys take seconds, so that theirs are put together from published primes and an exponent
 * of their own: no two are equal, but they are not secret. `fresh` makes one of new primes, with the usual exponent.
 */
export async function createKeyPair(keySpec: KeySpec, options: { readonly fresh?: boolean } = {}): Promise<KeyPair> {
  const row = algorithmOf(keySpec);
  if (row.type === 'rsa' && options.fresh !== true) return combinedKeyPair(keySpec);
  const algorithm =
    row.type === 'ec'
      ? { name: 'ECDSA', namedCurve: row.curve as string }
      : {
          name: 'RSASSA-PKCS1-v1_5',
          modulusLength: row.signatureLength * 8,
          publicExponent: new Uint8Array([1, 0, 1]),
          hash: 'SHA-256',
        };
  const pair = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  return exportPair(keySpec, pair.privateKey, pair.publicKey);
}

async function exportPair(keySpec: KeySpec, privateKey: CryptoKey, publicKey: CryptoKey): Promise<KeyPair> {
  const [pkcs8, spki] = await Promise.all([
    crypto.subtle.exportKey('pkcs8', privateKey),
    crypto.subtle.exportKey('spki', publicKey),
  ]);
  return { keySpec, pkcs8: new Uint8Array(pkcs8), spki: new Uint8Array(spki) };
}

/** Two different primes, and an exponent that no other key is likely to have. */
function combinedKeyPair(keySpec: KeySpec): Promise<KeyPair> {
  const primes = (rsaPrimes[keySpec] ?? []).flat().map(toBigInt);
  const first = randomBelow(primes.length);
  const [p, q] = [primes[first], primes[(first + 1 + randomBelow(primes.length - 1)) % primes.length]];
  return importNumbers(keySpec, p as bigint, q as bigint);
}

async function importNumbers(keySpec: KeySpec, p: bigint, q: bigint): Promise<KeyPair> {
  const phi = (p - 1n) * (q - 1n);
  const e = exponentFor(phi);
  const d = inverse(e, phi);
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk: JsonWebKey = { kty: 'RSA' };
  for (const [name, value] of Object.entries(numbers)) Object.assign(jwk, { [name]: fromBigInt(value) });
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const publicJwk = { kty: 'RSA', n: jwk.n as string, e: jwk.e as string };
  return exportPair(
    keySpec,
    await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['sign']),
    await crypto.subtle.importKey('jwk', publicJwk, algorithm, true, ['verify']),
  );
}

/** An odd exponent from 65,537 to 2^31 (some libraries take no larger one) that has an inverse. */
function exponentFor(phi: bigint): bigint {
  for (;;) {
    const e = BigInt(65_537 + 2 * randomBelow(2 ** 30 - 32_768));
    if (greatestDivisor(e, phi) === 1n) return e;
  }
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestDivisor(b, a % b);
}

function randomBelow(limit: number): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] as number) % limit;
}

function toBigInt(text: string): bigint {
  return decodeBase64Url(text).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function fromBigInt(value: bigint): string {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return encodeBase64Url(Uint8Array.from(even.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));
}

/** The inverse of `a` modulo `m`, by the extended Euclidean algorithm. */
function inverse(a: bigint, m: bigint): bigint {
  let [r0, r1, s0, s1] = [a, m, 1n, 0n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1, s0, s1] = [r1, r0 - quotient * r1, s1, s0 - quotient * s1];
  }
  return ((s0 % m) + m) % m;
}

/** The private key as WebCrypto takes it. */
export function importPrivateKey(pair: KeyPair, scheme: KeyPairScheme, hash: HashAlgorithm): Promise<WebCryptoKey> {
  const curve = algorithmOf(pair.keySpec).curve;
  const algorithm =
    scheme === 'ecdsa'
      ? { name: 'ECDSA', namedCurve: curve as string }
      : { name: scheme === 'pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: hashNames[hash] };
  return crypto.subtle.importKey('pkcs8', pair.pkcs8, algorithm, true, ['sign']);
}

/** A raw signature: r and s of the field's length for EC keys. */
export async function signRaw(
  key: WebCryptoKey,
  scheme: KeyPairScheme,
  hash: HashAlgorithm,
  data: Uint8Array,
): Promise<Bytes> {
  const parameters =
    scheme === 'ecdsa'
      ? { name: 'ECDSA', hash: hashNames[hash] }
      : scheme === 'pss'
        ? { name: 'RSA-PSS', saltLength: Number(hash.slice(3)) / 8 }
        : { name: 'RSASSA-PKCS1-v1_5' };
  return new Uint8Array(await crypto.subtle.sign(parameters, key, data as Bytes));
}
