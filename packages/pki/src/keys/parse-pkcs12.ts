import { type Bytes, equalBytes, requireBytes } from '@notarykit/common/internal';
import {
  contentOf,
  contextTag,
  type DerReader,
  decodeOid,
  decodeUnsigned,
  normalizeBer,
  readDerDocument,
  Tag,
} from '../asn1/index.js';
import { refuseKey } from '../crypto/public-key.js';
import { PkiError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import { createBudget } from './budget.js';
import { decryptWithPassword } from './decrypt.js';
import type { DecryptOptions } from './decrypt-options.js';
import { type BagOptions, readSafeContents, type SafeContents } from './pkcs12-bags.js';
import { checkMac } from './pkcs12-mac.js';
import type { ParsePkcs12Options } from './pkcs12-options.js';
import type { PrivateKey } from './private-key.js';

/** What a PKCS #12 file holds. */
export interface Pkcs12 {
  /** There is none in a file of certificates only. */
  readonly privateKey?: PrivateKey;
  /** That of the key first, then its issuers as far as they are there, then all others. */
  readonly certificates: readonly Certificate[];
}

const oidData = '1.2.840.113549.1.7.1';
const oidEncryptedData = '1.2.840.113549.1.7.6';

/**
 * Opens a PKCS #12 file (RFC 7292; `.p12`, `.pfx`): its MAC is checked, then its bags are decrypted with PBES2 or (on Node)
 * with the older triple DES. Files that are encrypted with RC2 are refused. Derivations are done in pieces: the event loop goes on.
 *
 * @throws {PkiError} `ERR_PKI_KEY` a wrong password, an algorithm that is not supported, more than one key; `ERR_PKI_ASN1`;
 * `ERR_PKI_LIMIT` a file that asks for too many iterations or is too large
 *
 * @example
 * ```ts
 * const { privateKey, certificates } = await parsePkcs12(bytes, { password: 'changeit' });
 * ```
 */
export async function parsePkcs12(input: Uint8Array, options: ParsePkcs12Options): Promise<Pkcs12> {
  const { maxBytes = 1024 * 1024, maxIterations = 2_000_000, ...given } = options;
  const opening = { ...given, budget: createBudget(maxIterations) };
  options.signal?.throwIfAborted();
  if (requireBytes(input, 'a PKCS #12 file').length > maxBytes) {
    throw new PkiError('ERR_PKI_LIMIT', `expected a PKCS #12 file of at most ${maxBytes} bytes, found ${input.length}`);
  }
  const pfx = readDerDocument(normalizeBer(input), Tag.sequence, 'a PKCS #12 file');
  if (decodeUnsigned(pfx.element(Tag.integer, 'a version')) !== 3) refuseKey('expected PKCS #12 of version 3');
  const content = readData(pfx.enter(Tag.sequence, 'a ContentInfo'));
  const mac = pfx.enterOptional(Tag.sequence);
  pfx.finish('a PKCS #12 file');
  if (mac !== undefined) await checkMac(mac, content, opening);
  const { keys, certificates } = await readAuthenticatedSafe(content, opening);
  const [privateKey, another] = keys;
  if (another !== undefined) refuseKey('expected one private key in a PKCS #12 file, found more');
  const sorted = sortCertificates(certificates, privateKey);
  return privateKey === undefined ? { certificates: sorted } : { privateKey, certificates: sorted };
}

function readData(info: DerReader): Bytes {
  const oid = decodeOid(info.element(Tag.oid, 'a content type'));
  if (oid !== oidData) refuseKey(`expected PKCS #12 in password integrity mode, found content type ${oid}`);
  return contentOf(info.enter(contextTag(0), 'a content').element(Tag.octetString, 'a content'));
}

async function readAuthenticatedSafe(content: Bytes, options: BagOptions): Promise<SafeContents> {
  const infos = readDerDocument(normalizeBer(content), Tag.sequence, 'an AuthenticatedSafe');
  const all: SafeContents = { keys: [], certificates: [] };
  while (infos.more) {
    const safe = await readSafe(infos.enter(Tag.sequence, 'a ContentInfo'), options);
    const { keys, certificates } = await readSafeContents(normalizeBer(safe), options);
    all.keys.push(...keys);
    all.certificates.push(...certificates);
  }
  return all;
}

async function readSafe(info: DerReader, options: DecryptOptions): Promise<Bytes> {
  const oid = decodeOid(info.element(Tag.oid, 'a content type'));
  const content = info.enter(contextTag(0), 'a content');
  if (oid === oidData) return contentOf(content.element(Tag.octetString, 'a content'));
  if (oid !== oidEncryptedData) return refuseKey(`expected data encrypted with a password, found content type ${oid}`);
  const encrypted = content.enter(Tag.sequence, 'an EncryptedData');
  encrypted.element(Tag.integer, 'a version');
  const inner = encrypted.enter(Tag.sequence, 'an EncryptedContentInfo');
  inner.element(Tag.oid, 'a content type');
  const algorithm = inner.element(Tag.sequence, 'an encryption algorithm');
  return decryptWithPassword(algorithm, readCiphertext(inner), options);
}

/** `[0] IMPLICIT OCTET STRING`, in one piece or (BER) in several. */
function readCiphertext(reader: DerReader): Uint8Array {
  const whole = reader.optional(contextTag(0, 'primitive'));
  if (whole !== undefined) return contentOf(whole);
  const pieces = reader.enter(contextTag(0), 'an encrypted content');
  const bytes: number[] = [];
  while (pieces.more) for (const byte of contentOf(pieces.element(Tag.octetString, 'a piece'))) bytes.push(byte);
  return Uint8Array.from(bytes);
}

function sortCertificates(certificates: readonly Certificate[], key: PrivateKey | undefined): Certificate[] {
  const rest = [...certificates];
  const take = (isNext: (certificate: Certificate) => boolean): Certificate | undefined => {
    const index = rest.findIndex(isNext);
    return index < 0 ? undefined : rest.splice(index, 1)[0];
  };
  const publicKey = key?.publicKey;
  const sorted: Certificate[] = [];
  let next = publicKey && take((certificate) => equalBytes(certificate.publicKey.der, publicKey.der));
  while (next !== undefined) {
    sorted.push(next);
    const { issuer } = next;
    next = take(({ subject }) => equalBytes(subject.der, issuer.der));
  }
  return [...sorted, ...rest];
}
