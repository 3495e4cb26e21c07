import { type Bytes, decodeBase64Url, encodeBase64Url, type HashAlgorithm } from '@notarykit/common';
import { algorithmOf, type KeySpec } from '@notarykit/signature-envelope';
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
export type SignatureScheme = 'pkcs1' | 'pss' | 'ecdsa';

const hashNames: Readonly<Record<HashAlgorithm, string>> = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

/**
 * A key pair. EC keys are always new. RSA keys come from a pool of three published pairs a size, since new ones take
 * seconds; `fresh` makes a new one all the same.
 */
export async function createKeyPair(
  keySpec: KeySpec,
  options: { index?: number; fresh?: boolean } = {},
): Promise<KeyPair> {
  const row = algorithmOf(keySpec);
  if (row.type === 'rsa' && options.fresh !== true) return pooledKeyPair(keySpec, options.index ?? 0);
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

const pooled = new Map<string, Promise<KeyPair>>();

function pooledKeyPair(keySpec: KeySpec, index: number): Promise<KeyPair> {
  const pairs = rsaPrimes[keySpec] ?? [];
  const place = index % pairs.length;
  const name = `${keySpec}/${place}`;
  const known = pooled.get(name) ?? importPrimes(keySpec, pairs[place] as readonly [string, string]);
  pooled.set(name, known);
  return known;
}

async function importPrimes(keySpec: KeySpec, [pText, qText]: readonly [string, string]): Promise<KeyPair> {
  const [p, q, e] = [toBigInt(pText), toBigInt(qText), 65537n];
  const d = inverse(e, (p - 1n) * (q - 1n));
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
export function importPrivateKey(pair: KeyPair, scheme: SignatureScheme, hash: HashAlgorithm): Promise<CryptoKey> {
  const curve = algorithmOf(pair.keySpec).curve;
  const algorithm =
    scheme === 'ecdsa'
      ? { name: 'ECDSA', namedCurve: curve as string }
      : { name: scheme === 'pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: hashNames[hash] };
  return crypto.subtle.importKey('pkcs8', pair.pkcs8, algorithm, true, ['sign']);
}

/** A raw signature: r and s of the field's length for EC keys. */
export async function signRaw(
  key: CryptoKey,
  scheme: SignatureScheme,
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
