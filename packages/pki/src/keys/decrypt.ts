import { type Bytes, type CallOptions, untilAborted, webCrypto } from '@notarykit/common';
import { decryptTripleDes } from '#crypto';
import {
  contentOf,
  type DerElement,
  type DerReader,
  decodeOid,
  decodeUnsigned,
  readDocument,
  readerOf,
  Tag,
} from '../asn1/index.js';
import { refuseKey } from '../crypto/public-key.js';
import type { Budget } from './budget.js';
import { type Password, pkcs5Password, pkcs12Passwords } from './password.js';
import { deriveKey } from './pkcs12-kdf.js';

/** How a password is tried. */
export interface DecryptOptions extends CallOptions {
  readonly password: Password;
  /** What is left for this file. */
  readonly budget: Budget;
}

const oidPbes2 = '1.2.840.113549.1.5.13';
const oidPbkdf2 = '1.2.840.113549.1.5.12';
const oidPbeSha1TripleDes = '1.2.840.113549.1.12.1.3';

const prfs: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'SHA-1',
  '1.2.840.113549.2.9': 'SHA-256',
  '1.2.840.113549.2.10': 'SHA-384',
  '1.2.840.113549.2.11': 'SHA-512',
};

const aesKeyLengths: Readonly<Record<string, number>> = {
  '2.16.840.1.101.3.4.1.2': 16,
  '2.16.840.1.101.3.4.1.22': 24,
  '2.16.840.1.101.3.4.1.42': 32,
};

/**
 * Decrypts what a password protects in PKCS #8 and PKCS #12: PBES2 (RFC 8018, 6.2) with PBKDF2 and AES-CBC everywhere,
 * PBE with SHA-1 and triple DES (RFC 7292, C) where `node:crypto` is.
 *
 * @throws {PkiError} `ERR_PKI_KEY` wrong password or an algorithm that is not supported, `ERR_PKI_LIMIT` too many iterations
 */
export async function decryptWithPassword(
  algorithm: DerElement,
  ciphertext: Uint8Array,
  options: DecryptOptions,
): Promise<Bytes> {
  const content = readerOf(algorithm);
  const oid = decodeOid(content.element(Tag.oid, 'an encryption algorithm'));
  const parameters = content.enter(Tag.sequence, 'the parameters of an encryption');
  content.finish('an encryption algorithm');
  if (oid === oidPbes2) return decryptPbes2(parameters, ciphertext, options);
  if (oid === oidPbeSha1TripleDes) return decryptPbeTripleDes(parameters, ciphertext, options);
  return refuseKey(
    `the encryption ${oid} is not supported; convert the file, for example with: openssl pkcs12 -legacy … | openssl pkcs12 -export`,
  );
}

/** The iterations of a derivation, which takes them from the budget. @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_KEY` */
export function readIterations(element: DerElement): number {
  const iterations = decodeUnsigned(element);
  if (iterations === 0) refuseKey('expected at least one iteration of a key derivation, found 0');
  return iterations;
}

function wrongPassword(cause?: unknown): never {
  return refuseKey('the password is wrong, or the file is damaged', cause);
}

async function decryptPbes2(reader: DerReader, ciphertext: Uint8Array, options: DecryptOptions): Promise<Bytes> {
  const derivation = reader.enter(Tag.sequence, 'a key derivation');
  const scheme = reader.enter(Tag.sequence, 'a cipher');
  reader.finish('PBES2 parameters');
  const cipher = decodeOid(scheme.element(Tag.oid, 'a cipher'));
  const length = aesKeyLengths[cipher];
  if (length === undefined) refuseKey(`the cipher ${cipher} is not supported; expected AES in CBC mode`);
  const iv = contentOf(scheme.element(Tag.octetString, 'an initialisation vector'));
  if (iv.length !== 16) refuseKey(`expected an initialisation vector of 16 bytes, found ${iv.length}`);
  const key = await derivePbkdf2(derivation, length, options);
  const plain = await webCrypto()
    .decrypt({ name: 'AES-CBC', iv }, key, ciphertext as Bytes)
    .catch((cause: unknown) => wrongPassword(cause));
  return looksRight(plain) ? new Uint8Array(plain) : wrongPassword();
}

/**
 * Whether decrypted bytes begin a sequence that ends where they end. Padding alone does not tell: of 256 wrong keys one makes bytes whose
 * padding is right.
 */
function looksRight(plain: ArrayBuffer | Bytes): boolean {
  const [tag, first = 0, ...more] = new Uint8Array(plain).subarray(0, 6);
  if (tag !== Tag.sequence) return false;
  // BER of an unknown length is in some PKCS #12 files.
  if (first <= 0x80) return first === 0x80 || first === plain.byteLength - 2;
  const bytes = more.slice(0, first - 0x80);
  const length = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return bytes.length === first - 0x80 && length === plain.byteLength - 2 - bytes.length;
}

async function derivePbkdf2(reader: DerReader, length: number, options: DecryptOptions): Promise<CryptoKey> {
  const oid = decodeOid(reader.element(Tag.oid, 'a key derivation'));
  if (oid !== oidPbkdf2) refuseKey(`the key derivation ${oid} is not supported; expected PBKDF2`);
  const parameters = reader.enter(Tag.sequence, 'PBKDF2 parameters');
  const salt = contentOf(parameters.element(Tag.octetString, 'a salt'));
  const iterations = readIterations(parameters.element(Tag.integer, 'an iteration count'));
  const keyLength = parameters.optional(Tag.integer);
  if (keyLength !== undefined && decodeUnsigned(keyLength) !== length)
    refuseKey('the key length is not that of the cipher');
  const prf = parameters.enterOptional(Tag.sequence);
  // RFC 8018, A.2: HMAC with SHA-1 is the default.
  const prfOid = prf === undefined ? '1.2.840.113549.2.7' : decodeOid(prf.element(Tag.oid, 'a pseudorandom function'));
  const hash = prfs[prfOid];
  if (hash === undefined) return refuseKey(`the pseudorandom function ${prfOid} is not supported`);
  options.budget.take(iterations);
  const base = await webCrypto().importKey('raw', pkcs5Password(options.password), 'PBKDF2', false, ['deriveKey']);
  const wanted = { name: 'AES-CBC', length: length * 8 };
  const derived = webCrypto().deriveKey({ name: 'PBKDF2', salt, iterations, hash }, base, wanted, false, ['decrypt']);
  return untilAborted(derived, options.signal);
}

async function decryptPbeTripleDes(reader: DerReader, ciphertext: Uint8Array, options: DecryptOptions): Promise<Bytes> {
  const salt = contentOf(reader.element(Tag.octetString, 'a salt'));
  const iterations = readIterations(reader.element(Tag.integer, 'an iteration count'));
  reader.finish('PBE parameters');
  const { sha1: hash } = await import('@noble/hashes/legacy.js');
  for (const password of pkcs12Passwords(options.password)) {
    const derive = (purpose: 'key' | 'iv', length: number): Promise<Bytes> =>
      deriveKey({ hash, password, salt, iterations, purpose, length }, options);
    const plain = decryptTripleDes(await derive('key', 24), await derive('iv', 8), ciphertext);
    if (plain !== undefined && looksRight(plain)) return plain;
  }
  return wrongPassword();
}

/** An EncryptedPrivateKeyInfo (RFC 5208, 6), decrypted. @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_KEY`, `ERR_PKI_LIMIT` */
export async function decryptPkcs8(der: Uint8Array, options: DecryptOptions): Promise<Bytes> {
  const info = readDocument(der, Tag.sequence, 'an EncryptedPrivateKeyInfo');
  const algorithm = info.element(Tag.sequence, 'an encryption algorithm');
  const ciphertext = contentOf(info.element(Tag.octetString, 'an encrypted private key'));
  info.finish('an EncryptedPrivateKeyInfo');
  return decryptWithPassword(algorithm, ciphertext, options);
}
