import { type Bytes, copyBytes, type WebCryptoKey, webCrypto } from '@notarykit/common/internal';
import {
  contentOf,
  contextTag,
  type DerElement,
  decodeOid,
  decodePositiveBytes,
  decodeUnsigned,
  derOf,
  encodeBitString,
  encodeContext,
  encodeInteger,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  readDerDocument,
  Tag,
} from '../asn1/index.js';
import { curves, oidRsaPss, type PublicKey, parsePublicKey, refuseKey } from '../crypto/public-key.js';
import { pssParametersOf } from '../crypto/signature-algorithm.js';
import { describeOid } from '../oid-names.js';
import { explicitCurve } from './explicit-curve.js';

const oidRsa = '1.2.840.113549.1.1.1';
const oidEc = '1.2.840.10045.2.1';

/** What a key is imported for: `{ name: 'RSA-PSS', hash: 'SHA-256' }` or `{ name: 'ECDSA', namedCurve: 'P-256' }`. */
export type KeyAlgorithmToImport =
  | { readonly name: string; readonly hash: string }
  | { readonly name: string; readonly namedCurve: string };

/**
 * A private key that is held in memory. Printing or serialising it shows its kind, never its numbers.
 */
export class PrivateKey {
  readonly type: 'rsa' | 'ec';
  /** RSA: bits of the modulus. EC: bits of the field. */
  readonly bits: number;
  /** EC only. */
  readonly curve?: NonNullable<PublicKey['curve']>;
  /** The public half, where the private key contains it (an EC key need not). */
  readonly publicKey?: PublicKey;
  readonly #pkcs8: Bytes;

  /** @internal */
  constructor(pkcs8: Bytes, facts: Pick<PrivateKey, 'type' | 'bits' | 'curve' | 'publicKey'>) {
    this.type = facts.type;
    this.bits = facts.bits;
    if (facts.curve !== undefined) this.curve = facts.curve;
    if (facts.publicKey !== undefined) this.publicKey = facts.publicKey;
    this.#pkcs8 = pkcs8;
  }

  /** The PrivateKeyInfo (PKCS #8, RFC 5208), DER and not encrypted, as WebCrypto and `node:crypto` import it. */
  export(): Bytes {
    return copyBytes(this.#pkcs8);
  }

  /** The key for WebCrypto, not extractable. @throws {PkiError} `ERR_PKI_KEY` when its numbers are not a key */
  async importKey(algorithm: KeyAlgorithmToImport): Promise<WebCryptoKey> {
    try {
      return await webCrypto().importKey('pkcs8', this.#pkcs8, algorithm, false, ['sign']);
    } catch (cause) {
      return refuseKey('the private key cannot be imported: its numbers do not make a valid key', cause);
    }
  }

  toJSON(): { type: string; bits: number } {
    return { type: this.type, bits: this.bits };
  }
}

/**
 * The key of a PrivateKeyInfo (RFC 5208, 5; RFC 5958 allows a public key and attributes after it).
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_KEY` for a key that is neither RSA nor EC on P-256, P-384 or P-521
 */
export function readPkcs8(der: Bytes): PrivateKey {
  const info = readDerDocument(der, Tag.sequence, 'a PrivateKeyInfo');
  if (decodeUnsigned(info.element(Tag.integer, 'a version')) > 1) refuseKey('expected PKCS #8 of version 0 or 1');
  const algorithm = info.enter(Tag.sequence, 'a key algorithm');
  const oid = decodeOid(algorithm.element(Tag.oid, 'a key algorithm'));
  const parameters = algorithm.more ? algorithm.any() : undefined;
  const key = contentOf(info.element(Tag.octetString, 'a private key'));
  info.optional(contextTag(0));
  info.optional(contextTag(1, 'primitive'));
  info.finish('a PrivateKeyInfo');
  if (oid === oidRsa) return readRsa(der, key);
  if (oid === oidRsaPss) return readRsaPss(key, parameters);
  if (oid === oidEc) return readEc(der, key, curveOf(parameters), parameters?.tag === Tag.oid);
  return refuseKey(`expected a private key of RSA or EC, found ${describeOid(oid)}`);
}

/** RSAPrivateKey (PKCS #1, RFC 8017, A.1.2) as PKCS #8. */
export function wrapRsa(key: Uint8Array): Bytes {
  const algorithm = encodeSequence(encodeOid(oidRsa), encodeNull());
  return encodeSequence(encodeInteger(0), algorithm, encodeOctetString(key));
}

/** ECPrivateKey (SEC 1, RFC 5915) as PKCS #8. @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_KEY` when it does not name its curve */
export function wrapEc(key: Bytes): Bytes {
  const { parameters } = readEcPrivateKey(key);
  if (parameters === undefined) refuseKey('expected an EC private key that names its curve');
  const algorithm = encodeSequence(encodeOid(oidEc), derOf(parameters));
  return encodeSequence(encodeInteger(0), algorithm, encodeOctetString(key));
}

function readRsa(pkcs8: Bytes, key: Bytes): PrivateKey {
  const content = readDerDocument(key, Tag.sequence, 'an RSAPrivateKey');
  content.element(Tag.integer, 'a version');
  const modulus = decodePositiveBytes(content.element(Tag.integer, 'a modulus'));
  const exponent = decodePositiveBytes(content.element(Tag.integer, 'a public exponent'));
  const numbers = encodeSequence(encodeInteger(modulus), encodeInteger(exponent));
  const algorithm = encodeSequence(encodeOid(oidRsa), encodeNull());
  const publicKey = parsePublicKey(encodeSequence(algorithm, encodeBitString(numbers)));
  if (publicKey.type !== 'rsa') refuseKey('expected an RSA key, found numbers that do not make a valid key');
  return new PrivateKey(pkcs8, { type: 'rsa', bits: publicKey.bits, publicKey });
}

/**
 * A key that allows only RSASSA-PSS (RFC 4055, 1.2) as a plain RSA key, since WebCrypto takes no other, if its own parameters allow
 * the signatures that a key of its length makes here.
 */
function readRsaPss(key: Bytes, parameters: DerElement | undefined): PrivateKey {
  const read = readRsa(wrapRsa(key), key);
  if (parameters === undefined) return read;
  const hash = { 2048: 'sha256', 3072: 'sha384', 4096: 'sha512' }[read.bits] ?? 'sha256';
  const allowed = pssParametersOf(derOf(parameters));
  if (allowed?.hash !== hash || allowed.saltLength > Number(hash.slice(3)) / 8)
    refuseKey(`the RSASSA-PSS key of ${read.bits} bits does not allow ${hash} with a salt of the same length`);
  return read;
}

function curveOf(parameters: DerElement | undefined): NonNullable<PublicKey['curve']> {
  const explicit = parameters?.tag === Tag.sequence ? explicitCurve(parameters) : undefined;
  if (explicit !== undefined) return explicit;
  const oid = parameters?.tag === Tag.oid ? decodeOid(parameters) : 'explicit parameters';
  for (const name of ['P-256', 'P-384', 'P-521'] as const) if (curves[name].oid === oid) return name;
  return refuseKey(`expected an EC key on P-256, P-384 or P-521, found ${describeOid(oid)}`);
}

function readEcPrivateKey(key: Bytes): {
  secret: DerElement;
  parameters: DerElement | undefined;
  point: Bytes | undefined;
} {
  const content = readDerDocument(key, Tag.sequence, 'an ECPrivateKey');
  content.element(Tag.integer, 'a version');
  const secret = content.element(Tag.octetString, 'a private key');
  const parameters = content.enterOptional(contextTag(0))?.any();
  const point = content.enterOptional(contextTag(1))?.element(Tag.bitString, 'a public key');
  content.finish('an ECPrivateKey');
  return { secret, parameters, point: point === undefined ? undefined : contentOf(point).subarray(1) };
}

function readEc(given: Bytes, key: Bytes, curve: NonNullable<PublicKey['curve']>, named: boolean): PrivateKey {
  const { secret, parameters, point } = readEcPrivateKey(key);
  const { oid, bits } = curves[curve];
  if (parameters !== undefined && curveOf(parameters) !== curve)
    refuseKey('expected one curve in an EC private key, found two');
  const algorithm = encodeSequence(encodeOid(oidEc), encodeOid(oid));
  const publicBits = point === undefined ? [] : [encodeContext(1, encodeBitString(point))];
  const isNamed = named && parameters?.tag !== Tag.sequence;
  // Explicit parameters are read by few: the key goes on by the name of its curve.
  const pkcs8 = isNamed
    ? given
    : encodeSequence(
        encodeInteger(0),
        algorithm,
        encodeOctetString(encodeSequence(encodeInteger(1), derOf(secret), ...publicBits)),
      );
  if (point === undefined) return new PrivateKey(pkcs8, { type: 'ec', bits, curve });
  const publicKey = parsePublicKey(encodeSequence(algorithm, encodeBitString(point)));
  return new PrivateKey(pkcs8, { type: 'ec', bits, curve, publicKey });
}
