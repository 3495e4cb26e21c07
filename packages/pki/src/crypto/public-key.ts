import { type Bytes, copyBytes, defined } from '@notarykit/common/internal';
import {
  contentOf,
  type DerElement,
  DerReader,
  decodeOctetBitString,
  decodeOid,
  decodePositiveBytes,
  derOf,
  readDerDocument,
  Tag,
} from '../asn1/index.js';
import { PkiError } from '../errors.js';
import { isSoundPoint } from './ed25519-point.js';

/** A public key: of a certificate, or on its own. */
export interface PublicKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly der: Bytes;
  /**
   * The kind of key; `unsupported` covers DSA, explicit curves, RSASSA-PSS typed keys and anything else. Ed25519 (RFC 8410) is for
   * authorities only: Notary signatures are not made with it.
   */
  readonly type: 'rsa' | 'ec' | 'ed25519' | 'unsupported';
  /** Dotted OID of the key's algorithm. */
  readonly algorithm: string;
  /** RSA: exact bits of the modulus. EC: bits of the field. Ed25519: 256. 0 where unknown. */
  readonly bits: number;
  /** EC only. */
  readonly curve?: 'P-256' | 'P-384' | 'P-521';
}

/** Facts of the curves that Notary signatures use. */
export const curves = {
  'P-256': { oid: '1.2.840.10045.3.1.7', bits: 256, octets: 32 },
  'P-384': { oid: '1.3.132.0.34', bits: 384, octets: 48 },
  'P-521': { oid: '1.3.132.0.35', bits: 521, octets: 66 },
} as const;

const oidRsa = '1.2.840.113549.1.1.1';
/** id-RSASSA-PSS: as a key type it restricts what the key may be used for (RFC 4055, 1.2). */
export const oidRsaPss = '1.2.840.113549.1.1.10';
const oidEc = '1.2.840.10045.2.1';
/** id-Ed25519: of a key and of a signature, without parameters (RFC 8410, 3). */
export const oidEd25519 = '1.3.101.112';

/** Larger moduli would make one verification cost seconds. */
const mostRsaBits = 16_384;

/**
 * Parses a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). A key of a kind that Notary signatures do not use is not an error: its type
 * is `unsupported`, and nothing is ever verified with it.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function parsePublicKey(der: Uint8Array): PublicKey {
  const bytes = copyBytes(der);
  return publicKeyOf(readDerDocument(bytes, Tag.sequence, 'a SubjectPublicKeyInfo'), bytes);
}

/** The key whose SubjectPublicKeyInfo's content is under the reader. */
export function publicKeyOf(info: DerReader, der: Bytes): PublicKey {
  const algorithm = info.enter(Tag.sequence, 'an AlgorithmIdentifier');
  const oid = decodeOid(algorithm.element(Tag.oid, 'the algorithm of a key'));
  const parameters = algorithm.more ? algorithm.any() : undefined;
  algorithm.finish('an AlgorithmIdentifier');
  const key = decodeOctetBitString(info.element(Tag.bitString, 'a public key'));
  info.finish('a SubjectPublicKeyInfo');
  const base = { der, algorithm: oid, type: 'unsupported', bits: 0 } as const;
  if (oid === oidRsa && parameters?.tag === Tag.null) return rsaKey(base, key, 'rsa');
  if (oid === oidRsaPss) return rsaKey(base, key, 'unsupported');
  if (oid === oidEc && parameters?.tag === Tag.oid) return ecKey(base, key, parameters);
  if (oid === oidEd25519 && parameters === undefined && isSoundPoint(key))
    return { ...base, type: 'ed25519', bits: 256 };
  return base;
}

/** The parameters of an AlgorithmIdentifier in a key, if any. */
export function keyParametersOf(key: PublicKey): Bytes | undefined {
  const algorithm = readDerDocument(key.der, Tag.sequence, 'a SubjectPublicKeyInfo').enter(
    Tag.sequence,
    'an algorithm',
  );
  algorithm.any();
  return algorithm.more ? derOf(algorithm.any()) : undefined;
}

function rsaKey(base: PublicKey, key: Bytes, type: 'rsa' | 'unsupported'): PublicKey {
  const content = readDerDocument(key, Tag.sequence, 'an RSAPublicKey');
  const modulus = decodePositiveBytes(content.element(Tag.integer, 'a modulus'));
  const exponent = decodePositiveBytes(content.element(Tag.integer, 'an exponent'));
  content.finish('an RSAPublicKey');
  const bits = modulus.length * 8 - (Math.clz32(modulus[0] as number) - 24);
  return { ...base, type: isSoundRsa(modulus, exponent, bits) ? type : 'unsupported', bits };
}

// An even modulus or exponent, or the exponent 1, is not an RSA key: anyone could make its signatures. Exponents from 2^31 on are not
// used, and other verifiers refuse them.
function isSoundRsa(modulus: Bytes, exponent: Bytes, bits: number): boolean {
  const isOdd = (value: Bytes): boolean => ((value[value.length - 1] as number) & 1) === 1;
  const isSmallOne = exponent.length === 1 && exponent[0] === 1;
  return isOdd(modulus) && isOdd(exponent) && !isSmallOne && isBelow2to31(exponent) && bits <= mostRsaBits;
}

function isBelow2to31(value: Bytes): boolean {
  return value.length < 4 || (value.length === 4 && (value[0] as number) < 0x80);
}

function ecKey(base: PublicKey, point: Bytes, parameters: DerElement): PublicKey {
  const oid = decodeOid(parameters);
  for (const curve of ['P-256', 'P-384', 'P-521'] as const) {
    const { oid: name, bits, octets } = curves[curve];
    // Uncompressed points only (RFC 5480, 2.2): WebCrypto reads no other.
    if (name === oid && point[0] === 4 && point.length === 1 + 2 * octets) return { ...base, type: 'ec', bits, curve };
  }
  return base;
}

/** The BIT STRING's content of a key: RSAPublicKey, or an EC point. Key identifiers are hashes of it. */
export function keyBitsOf(key: PublicKey): Bytes {
  const info = new DerReader(key.der).enter(Tag.sequence, 'a SubjectPublicKeyInfo');
  info.any();
  return contentOf(info.element(Tag.bitString, 'a public key')).subarray(1);
}

/** Refuses a key that cannot be used. @throws {PkiError} `ERR_PKI_KEY` always */
export function refuseKey(message: string, cause?: unknown): never {
  throw new PkiError('ERR_PKI_KEY', message, defined({ cause }));
}
