import { type Bytes, defined, equalBytes } from '@notarykit/common/internal';
import {
  contextTag,
  DerReader,
  decodeBigInteger,
  decodeOctetBitString,
  decodeTime,
  decodeUnsigned,
  derOf,
  readDerDocument,
  readerOf,
  scanDer,
  Tag,
} from '../asn1/index.js';
import { PkiError } from '../errors.js';
import type { Extension } from '../x509/certificate.js';
import { readExtensionList } from '../x509/extensions.js';
import { nameOf } from '../x509/name.js';
import { distributionPointUrls } from '../x509/source-urls.js';
import type { Crl } from './crl-document.js';
import { checkEntries } from './crl-entries.js';
import { parseIssuingDistributionPoint } from './issuing-distribution-point.js';
import { refuse } from './refuse.js';

/** Limits of {@link parseCrl}. */
export interface ParseCrlOptions {
  /** The most bytes. Default 32 MiB. */
  readonly maxBytes?: number;
}

/** Default limit of a CRL, bytes. */
export const mostCrlBytes: number = 32 * 1024 * 1024;

/**
 * Parses a DER CRL (RFC 5280, 5.1) strictly. Its entries are checked in one pass over the bytes and stay there: a CRL of
 * 32 MiB costs no memory beyond its own. Nothing is verified; the bytes are not copied.
 *
 * @throws {PkiError} `ERR_PKI_ASN1` not DER, `ERR_PKI_REVOCATION` not a CRL, `ERR_PKI_LIMIT` too large
 *
 * @example
 * ```ts
 * const crl = parseCrl(der);
 * console.log(crl.entryCount, crl.nextUpdate, findCrlEntries(crl, certificate));
 * ```
 */
export function parseCrl(der: Uint8Array, options: ParseCrlOptions = {}): Crl {
  const { maxBytes = mostCrlBytes } = options;
  if (der.length > maxBytes) {
    throw new PkiError('ERR_PKI_LIMIT', `expected a CRL of at most ${maxBytes} bytes, found ${der.length}`);
  }
  const bytes = der as Bytes;
  const reader = readDerDocument(bytes, Tag.sequence, 'a CRL');
  const tbs = reader.element(Tag.sequence, 'a TBSCertList');
  const algorithm = reader.element(Tag.sequence, 'a signature algorithm');
  const signature = decodeOctetBitString(reader.element(Tag.bitString, 'a signature'));
  reader.finish('a CRL');
  scanDer(derOf(algorithm));
  const fields = readTbs(readerOf(tbs), derOf(algorithm));
  return { der: bytes, tbs: derOf(tbs), signatureAlgorithmDer: derOf(algorithm), signature, ...fields };
}

type TbsFields = Omit<Crl, 'der' | 'tbs' | 'signatureAlgorithmDer' | 'signature'>;

function readTbs(reader: DerReader, outerAlgorithm: Bytes): TbsFields {
  const version = readVersion(reader);
  const algorithm = derOf(reader.element(Tag.sequence, 'a signature algorithm'));
  if (!equalBytes(algorithm, outerAlgorithm)) refuse('expected both signature algorithms to be equal');
  const issuer = reader.element(Tag.sequence, 'an issuer');
  scanDer(derOf(issuer));
  const thisUpdate = decodeTime(reader.any());
  const nextUpdate = isTime(reader.nextTag) ? { nextUpdate: decodeTime(reader.any()) } : {};
  const list = reader.optional(Tag.sequence);
  const extensions = readCrlExtensions(reader, version);
  reader.finish('a TBSCertList');
  const entries = checkEntries(list === undefined ? undefined : readerOf(list), version);
  const unknownCritical = extensions.unknownCritical ?? entries.unknownCritical;
  return {
    version,
    issuer: nameOf(issuer),
    thisUpdate,
    ...nextUpdate,
    ...extensions,
    entryCount: entries.count,
    ...defined({ unknownCritical }),
    entriesStart: list?.contentStart ?? 0,
    entriesEnd: list?.end ?? 0,
  };
}

const isTime = (tag: number): boolean => tag === Tag.utcTime || tag === Tag.generalizedTime;

/** Absent means version 1; an INTEGER must be 1, version 2. */
function readVersion(reader: DerReader): 1 | 2 {
  const version = reader.optional(Tag.integer);
  if (version === undefined) return 1;
  if (decodeUnsigned(version) !== 1) refuse('expected a CRL of version 2 (value 1), or of version 1 without a value');
  return 2;
}

type ExtensionFields = Pick<
  Crl,
  'extensions' | 'number' | 'baseNumber' | 'issuingDistributionPoint' | 'freshestUrls' | 'unknownCritical'
>;

function readCrlExtensions(reader: DerReader, version: 1 | 2): ExtensionFields {
  const explicit = reader.enterOptional(contextTag(0));
  if (explicit === undefined) return { extensions: [], freshestUrls: [] };
  if (version === 1) refuse('expected extensions in version 2 only, found them in version 1');
  const extensions = readExtensionList(explicit.enter(Tag.sequence, 'extensions'));
  explicit.finish('extensions');
  return { extensions, freshestUrls: [], ...fieldsOf(extensions) };
}

/** What is read of each extension; a critical one that is not here makes the CRL unusable (RFC 5280, 5.2). */
const readers: ReadonlyMap<string, (value: Bytes) => Partial<ExtensionFields>> = new Map<
  string,
  (value: Bytes) => Partial<ExtensionFields>
>([
  ['2.5.29.20', (value) => ({ number: bigIntegerOf(value) })],
  ['2.5.29.27', (value) => ({ baseNumber: bigIntegerOf(value) })],
  ['2.5.29.28', (value) => ({ issuingDistributionPoint: parseIssuingDistributionPoint(value) })],
  ['2.5.29.35', () => ({})],
  ['2.5.29.46', (value) => ({ freshestUrls: distributionPointUrls(value) })],
]);

function fieldsOf(extensions: readonly Extension[]): Partial<ExtensionFields> {
  const fields: Partial<ExtensionFields> = {};
  for (const { oid, critical, value } of extensions) {
    const read = readers.get(oid);
    if (read === undefined && critical) Object.assign(fields, { unknownCritical: oid });
    else Object.assign(fields, read?.(value));
  }
  return fields;
}

function bigIntegerOf(value: Bytes): bigint {
  const reader = new DerReader(value);
  const number = decodeBigInteger(reader.element(Tag.integer, 'a CRL number'));
  reader.finish('a CRL number');
  if (number < 0n) refuse('expected a CRL number of at least 0, found a negative one');
  return number;
}
