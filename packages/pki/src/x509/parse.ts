import { type Bytes, encodeHex, equalBytes, requireBytes, sha256Hex } from '@notarykit/common/internal';
import {
  contextTag,
  type DerElement,
  DerReader,
  decodeIntegerBytes,
  decodeOctetBitString,
  decodeOid,
  decodeTime,
  decodeUnsigned,
  derOf,
  readDerDocument,
  readerOf,
  scanDer,
  Tag,
} from '../asn1/index.js';
import { publicKeyOf } from '../crypto/public-key.js';
import { PkiError } from '../errors.js';
import type { Certificate } from './certificate.js';
import { readExtensions } from './extensions.js';
import { nameOf } from './name.js';
import { describeLabel, isText, type PemBlock, parsePem, pemText } from './pem.js';

/** Limits of {@link parseCertificate}. */
export interface ParseCertificateOptions {
  /** The most bytes of one certificate. Default 64 KiB. */
  readonly maxBytes?: number;
}

const defaultMaxBytes = 64 * 1024;

/**
 * Parses one DER certificate (RFC 5280, 4.1) strictly: DER throughout, nothing after it, both algorithm identifiers equal,
 * extensions only in version 3 and each once. Nothing is verified. The bytes are copied.
 *
 * @throws {PkiError} `ERR_PKI_ASN1` not DER, `ERR_PKI_CERTIFICATE` not a certificate, `ERR_PKI_LIMIT` too large
 *
 * @example
 * ```ts
 * const certificate = parseCertificate(der);
 * console.log(formatName(certificate.subject), certificate.notAfter);
 * ```
 */
export function parseCertificate(der: Uint8Array, options: ParseCertificateOptions = {}): Certificate {
  const { maxBytes = defaultMaxBytes } = options;
  requireBytes(der, 'a certificate');
  if (der.length > maxBytes) {
    throw new PkiError('ERR_PKI_LIMIT', `expected a certificate of at most ${maxBytes} bytes, found ${der.length}`);
  }
  const bytes = new Uint8Array(der);
  scanDer(bytes);
  const reader = readDerDocument(bytes, Tag.sequence, 'a certificate');
  const tbs = reader.element(Tag.sequence, 'a TBSCertificate');
  const algorithm = reader.element(Tag.sequence, 'a signature algorithm');
  const signature = decodeOctetBitString(reader.element(Tag.bitString, 'a signature'));
  reader.finish('a certificate');
  return {
    der: bytes,
    tbs: derOf(tbs),
    signatureAlgorithm: algorithmOid(algorithm),
    signatureAlgorithmDer: derOf(algorithm),
    signature,
    fingerprint: sha256Hex(bytes),
    ...readTbs(readerOf(tbs), derOf(algorithm)),
  };
}

function algorithmOid(algorithm: DerElement): string {
  return decodeOid(readerOf(algorithm).element(Tag.oid, 'a signature algorithm'));
}

type TbsFields = Omit<
  Certificate,
  'der' | 'tbs' | 'signatureAlgorithm' | 'signatureAlgorithmDer' | 'signature' | 'fingerprint'
>;

function readTbs(reader: DerReader, outerAlgorithm: Bytes): TbsFields {
  const version = readVersion(reader);
  const serial = decodeIntegerBytes(reader.element(Tag.integer, 'a serial number'));
  const innerAlgorithm = derOf(reader.element(Tag.sequence, 'a signature algorithm'));
  if (!equalBytes(innerAlgorithm, outerAlgorithm)) refuse('expected both signature algorithms to be equal');
  const issuer = nameOf(reader.element(Tag.sequence, 'an issuer'));
  const [notBefore, notAfter] = readValidity(reader.enter(Tag.sequence, 'a validity'));
  const subject = nameOf(reader.element(Tag.sequence, 'a subject'));
  const key = reader.element(Tag.sequence, 'a SubjectPublicKeyInfo');
  const publicKey = publicKeyOf(readerOf(key), derOf(key));
  readUniqueIdentifiers(reader, version);
  const extensions = readExtensions(enterExtensions(reader, version));
  reader.finish('a TBSCertificate');
  const isSerialNumberNegative = (serial[0] as number) >= 0x80;
  return {
    version,
    serialNumber: serialText(serial),
    isSerialNumberNegative,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
    ...extensions,
  };
}

function readVersion(reader: DerReader): 1 | 2 | 3 {
  const explicit = reader.enterOptional(contextTag(0));
  if (explicit === undefined) return 1;
  const version = decodeUnsigned(explicit.element(Tag.integer, 'a version'));
  explicit.finish('a version');
  // DER leaves the default, version 1, out.
  if (version !== 1 && version !== 2) refuse(`expected version 2 or 3 (value 1 or 2), found value ${version}`);
  return (version + 1) as 2 | 3;
}

function readValidity(reader: DerReader): [Date, Date] {
  try {
    const times: [Date, Date] = [decodeTime(reader.any()), decodeTime(reader.any())];
    reader.finish('a validity');
    return times;
  } catch (cause) {
    throw new PkiError('ERR_PKI_CERTIFICATE', 'expected a validity of two times as RFC 5280, 4.1.2.5, writes them', {
      cause,
    });
  }
}

function readUniqueIdentifiers(reader: DerReader, version: number): void {
  const issuer = reader.optional(contextTag(1, 'primitive'));
  const subject = reader.optional(contextTag(2, 'primitive'));
  if (version === 1 && (issuer ?? subject) !== undefined) refuse('expected unique identifiers in version 2 or 3 only');
}

function enterExtensions(reader: DerReader, version: number): DerReader | undefined {
  const explicit = reader.enterOptional(contextTag(3));
  if (explicit === undefined) return undefined;
  if (version !== 3) refuse(`expected extensions in version 3 only, found them in version ${version}`);
  const list = explicit.enter(Tag.sequence, 'extensions');
  explicit.finish('extensions');
  return list;
}

function serialText(content: Bytes): string {
  return encodeHex(content.length > 1 && content[0] === 0 ? content.subarray(1) : content);
}

function refuse(message: string): never {
  throw new PkiError('ERR_PKI_CERTIFICATE', message);
}

/** Limits of {@link parseCertificates}. */
export interface ParseCertificatesOptions extends ParseCertificateOptions {
  /** The most certificates. Default 1,000. */
  readonly maxCertificates?: number;
  /** `skip` passes over private keys unread, for files that hold a key with its chain. Default `refuse`. */
  readonly privateKeys?: 'refuse' | 'skip';
}

/**
 * Certificates of a file: PEM (as {@link parsePem} reads it), where every block must be a certificate, or DER certificates one
 * after the other.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_CERTIFICATE` (no certificate, another label, a damaged block), `ERR_PKI_LIMIT`
 */
export function parseCertificates(input: string | Uint8Array, options: ParseCertificatesOptions = {}): Certificate[] {
  const { maxCertificates = 1000 } = options;
  const ders =
    typeof input === 'string' || isText(requireBytes(input, 'certificates'))
      ? pemCertificates(input, options)
      : splitDer(input, maxCertificates);
  if (ders.length === 0) refuse('expected a certificate, found none');
  if (ders.length > maxCertificates) {
    throw new PkiError('ERR_PKI_LIMIT', `expected at most ${maxCertificates} certificates, found more`);
  }
  return ders.map((der) => parseCertificate(der, options));
}

function pemCertificates(
  input: string | Uint8Array,
  { privateKeys = 'refuse' }: ParseCertificatesOptions,
): Uint8Array[] {
  const isSkipped = ({ label }: PemBlock): boolean => privateKeys === 'skip' && label.endsWith('PRIVATE KEY');
  const all = parsePem(pemText(input));
  const blocks = all.filter((block) => !isSkipped(block));
  if (blocks.length === 0 && all.length > 0) refuse('expected a certificate, found private keys only');
  return blocks.map(({ label, der }) => {
    if (label !== 'CERTIFICATE') refuse(`expected PEM blocks of certificates only, found ${describeLabel(label)}`);
    return der;
  });
}

function splitDer(bytes: Uint8Array, most: number): Uint8Array[] {
  const reader = new DerReader(bytes);
  const parts: Uint8Array[] = [];
  while (reader.more && parts.length <= most) parts.push(derOf(reader.element(Tag.sequence, 'a certificate')));
  return parts;
}
