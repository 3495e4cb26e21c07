import { type Bytes, concatBytes } from '@notarykit/common/internal';
import { decryptCbc } from '#crypto';
import {
  contentOf,
  type DerElement,
  type DerReader,
  decodeOid,
  decodeUnsigned,
  readDerDocument,
  readerOf,
  Tag,
} from '../asn1/index.js';
import { refuseKey } from '../crypto/public-key.js';
import type { DecryptOptions } from './decrypt-options.js';
import { pkcs12Passwords } from './password.js';
import { decryptPbes2 } from './pbes2.js';
import { deriveKey } from './pkcs12-kdf.js';

const oidPbes2 = '1.2.840.113549.1.5.13';
const oidPbeSha1TripleDes = '1.2.840.113549.1.12.1.3';

const oidPbeSha1TwoKeys = '1.2.840.113549.1.12.1.4';

/**
 * Decrypts what a password protects in PKCS #8 and PKCS #12: PBES2 (RFC 8018, 6.2) with PBKDF2 or scrypt and AES-CBC everywhere,
 * with other ciphers, and PBE with SHA-1 and triple DES (RFC 7292, C), where `node:crypto` is.
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
  if (oid === oidPbeSha1TripleDes) return decryptPbeTripleDes(parameters, ciphertext, 24, options);
  if (oid === oidPbeSha1TwoKeys) return decryptPbeTripleDes(parameters, ciphertext, 16, options);
  if (oid === oidPbes2) {
    const plain = await decryptPbes2(parameters, ciphertext, options);
    return plain !== undefined && looksRight(plain) ? plain : wrongPassword();
  }
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

function wrongPassword(): never {
  return refuseKey('the password is wrong, or the file is damaged');
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

async function decryptPbeTripleDes(
  reader: DerReader,
  ciphertext: Uint8Array,
  keyLength: 16 | 24,
  options: DecryptOptions,
): Promise<Bytes> {
  const salt = contentOf(reader.element(Tag.octetString, 'a salt'));
  const iterations = readIterations(reader.element(Tag.integer, 'an iteration count'));
  reader.finish('PBE parameters');
  const { sha1: hash } = await import('@noble/hashes/legacy.js');
  for (const password of pkcs12Passwords(options.password)) {
    const derive = (purpose: 'key' | 'iv', length: number): Promise<Bytes> =>
      deriveKey({ hash, password, salt, iterations, purpose, length }, options);
    const key = await derive('key', keyLength);
    // With two keys, the first one is used again as the third.
    const keys = concatBytes([key, key.subarray(0, 24 - keyLength)]);
    const plain = decryptCbc('des-ede3-cbc', keys, await derive('iv', 8), ciphertext);
    if (plain !== undefined && looksRight(plain)) return plain;
  }
  return wrongPassword();
}

/** An EncryptedPrivateKeyInfo (RFC 5208, 6), decrypted. @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_KEY`, `ERR_PKI_LIMIT` */
export async function decryptPkcs8(der: Uint8Array, options: DecryptOptions): Promise<Bytes> {
  const info = readDerDocument(der, Tag.sequence, 'an EncryptedPrivateKeyInfo');
  const algorithm = info.element(Tag.sequence, 'an encryption algorithm');
  const ciphertext = contentOf(info.element(Tag.octetString, 'an encrypted private key'));
  info.finish('an EncryptedPrivateKeyInfo');
  return decryptWithPassword(algorithm, ciphertext, options);
}
