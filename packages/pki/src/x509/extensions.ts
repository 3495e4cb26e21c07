import type { Bytes } from '@notarykit/common/internal';
import {
  contentOf,
  contextTag,
  type DerElement,
  type DerReader,
  decodeBitString,
  decodeBoolean,
  decodeOid,
  decodeUnsigned,
  readDerDocument,
  scanDer,
  Tag,
} from '../asn1/index.js';
import { PkiError } from '../errors.js';
import type { Certificate, Extension, KeyUsageName } from './certificate.js';
import { distributionPointUrls, ocspResponderUrls } from './source-urls.js';

/** OIDs of the extensions of RFC 5280, 4.2. */
export const ExtensionOid = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  issuerAlternativeName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInformationAccess: '1.3.6.1.5.5.7.1.1',
  subjectInformationAccess: '1.3.6.1.5.5.7.1.11',
} as const;

/** The fields of a certificate that come from its extensions. */
export type ExtensionFields = Pick<
  Certificate,
  | 'extensions'
  | 'basicConstraints'
  | 'keyUsage'
  | 'extendedKeyUsage'
  | 'subjectKeyIdentifier'
  | 'authorityKeyIdentifier'
  | 'malformedExtensions'
  | 'ocspUrls'
  | 'crlUrls'
>;

type Fields = { -readonly [K in keyof ExtensionFields]: ExtensionFields[K] };
type Read = (value: Bytes, critical: boolean, fields: Fields) => void;

/** The three that the Notary Project honours: malformed ones refuse the certificate. */
const honoured: ReadonlyMap<string, Read> = new Map<string, Read>([
  [ExtensionOid.basicConstraints, readBasicConstraints],
  [ExtensionOid.keyUsage, readKeyUsage],
  [ExtensionOid.extendedKeyUsage, readExtendedKeyUsage],
]);

const others: ReadonlyMap<string, Read> = new Map<string, Read>([
  [ExtensionOid.subjectKeyIdentifier, readSubjectKeyIdentifier],
  [ExtensionOid.authorityKeyIdentifier, readAuthorityKeyIdentifier],
  [ExtensionOid.authorityInformationAccess, readAuthorityInformationAccess],
  [ExtensionOid.crlDistributionPoints, readCrlDistributionPoints],
]);

/**
 * The extensions of a certificate (RFC 5280, 4.1.2.9): the same one twice is refused.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_CERTIFICATE`
 */
export function readExtensions(reader: DerReader | undefined): ExtensionFields {
  const extensions = reader === undefined ? [] : readExtensionList(reader);
  const malformed: string[] = [];
  const fields: Fields = { extensions, malformedExtensions: malformed, ocspUrls: [], crlUrls: [] };
  for (const { oid, critical, value } of extensions) {
    honoured.get(oid)?.(value, critical, fields);
    const read = others.get(oid);
    if (read !== undefined && !attempt(() => read(value, critical, fields))) malformed.push(oid);
  }
  return fields;
}

/** SEQUENCE OF Extension, as in certificates, CRLs, CRL entries and OCSP. @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_CERTIFICATE` */
export function readExtensionList(reader: DerReader): Extension[] {
  const extensions: Extension[] = [];
  const seen = new Set<string>();
  if (!reader.more) reader.fail('at least one extension', 'none');
  while (reader.more) {
    const extension = readExtension(reader.enter(Tag.sequence, 'an extension'));
    if (seen.has(extension.oid)) {
      throw new PkiError('ERR_PKI_CERTIFICATE', `expected each extension once, found ${extension.oid} twice`);
    }
    seen.add(extension.oid);
    extensions.push(extension);
  }
  return extensions;
}

function readExtension(reader: DerReader): Extension {
  const oid = decodeOid(reader.element(Tag.oid, 'the type of an extension'));
  const flag = reader.optional(Tag.boolean);
  // DER leaves the default out, but real authorities write `critical FALSE`, and so every reader takes it.
  const critical = flag !== undefined && decodeBoolean(flag);
  const value = contentOf(reader.element(Tag.octetString, 'the value of an extension'));
  reader.finish('an extension');
  return { oid, critical, value };
}

function attempt(read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

function readBasicConstraints(value: Bytes, critical: boolean, fields: Fields): void {
  const reader = readDerDocument(value, Tag.sequence, 'basic constraints');
  const flag = reader.optional(Tag.boolean);
  const length = reader.optional(Tag.integer);
  reader.finish('basic constraints');
  const ca = flag !== undefined && decodeBoolean(flag);
  const pathLength = length === undefined ? undefined : decodeUnsigned(length);
  fields.basicConstraints = pathLength === undefined ? { critical, ca } : { critical, ca, pathLength };
}

const usageNames: readonly KeyUsageName[] = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

function readKeyUsage(value: Bytes, critical: boolean, fields: Fields): void {
  const { bytes } = decodeBitString(only(value, Tag.bitString, 'a key usage'));
  const usages = new Set<KeyUsageName>();
  for (const [bit, name] of usageNames.entries()) {
    if ((((bytes[bit >> 3] ?? 0) << (bit & 7)) & 0x80) !== 0) usages.add(name);
  }
  fields.keyUsage = { critical, usages };
}

function readExtendedKeyUsage(value: Bytes, critical: boolean, fields: Fields): void {
  const reader = readDerDocument(value, Tag.sequence, 'an extended key usage');
  const purposes: string[] = [];
  while (reader.more) purposes.push(decodeOid(reader.element(Tag.oid, 'a key purpose')));
  fields.extendedKeyUsage = { critical, purposes };
}

function readSubjectKeyIdentifier(value: Bytes, _critical: boolean, fields: Fields): void {
  fields.subjectKeyIdentifier = contentOf(only(value, Tag.octetString, 'a key identifier'));
}

function readAuthorityKeyIdentifier(value: Bytes, _critical: boolean, fields: Fields): void {
  scanDer(value);
  const reader = readDerDocument(value, Tag.sequence, 'an authority key identifier');
  const keyIdentifier = reader.optional(contextTag(0, 'primitive'));
  reader.optional(contextTag(1));
  reader.optional(contextTag(2, 'primitive'));
  reader.finish('an authority key identifier');
  fields.authorityKeyIdentifier = keyIdentifier === undefined ? {} : { keyIdentifier: contentOf(keyIdentifier) };
}

function readAuthorityInformationAccess(value: Bytes, _critical: boolean, fields: Fields): void {
  fields.ocspUrls = ocspResponderUrls(value);
}

function readCrlDistributionPoints(value: Bytes, _critical: boolean, fields: Fields): void {
  fields.crlUrls = distributionPointUrls(value);
}

function only(value: Bytes, tag: number, what: string): DerElement {
  const bytes = value;
  const content = readDerDocument(bytes, tag, what);
  return { bytes, tag, start: 0, contentStart: content.position, end: content.end };
}

/** A reader over the elements of an extension's value that is a SEQUENCE, scanned first. @throws {PkiError} `ERR_PKI_ASN1` */
export function extensionSequence(extension: Extension, what: string): DerReader {
  scanDer(extension.value);
  return readDerDocument(extension.value, Tag.sequence, what);
}
