import {
  contentOf,
  contextTag,
  type DerElement,
  DerReader,
  decodeIntegerBytes,
  decodeOid,
  decodeTime,
  decodeUnsigned,
  Tag,
} from '../asn1/index.js';
import type { Extension } from '../x509/certificate.js';
import { readExtensionList } from '../x509/extensions.js';
import type { CertId } from './cert-id.js';
import { revocationReasons } from './crl-entries.js';
import { refuse } from './refuse.js';

/** The status of one certificate in an OCSP answer. */
export interface OcspSingleResponse {
  readonly certId: CertId;
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  readonly revokedAt?: Date;
  /** Name of the reason of a revocation. */
  readonly reason?: string;
  readonly extensions: readonly Extension[];
}

/** `[1] EXPLICIT Extensions`, none when absent. @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_CERTIFICATE` */
export function readExplicitExtensions(reader: DerReader): Extension[] {
  const explicit = reader.enterOptional(contextTag(1));
  if (explicit === undefined) return [];
  const extensions = readExtensionList(explicit.enter(Tag.sequence, 'extensions'));
  explicit.finish('extensions');
  return extensions;
}

/** SingleResponse (RFC 6960, 4.2.1). @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_REVOCATION` */
export function readSingle(reader: DerReader): OcspSingleResponse {
  const certId = readCertId(reader.enter(Tag.sequence, 'a certificate identifier'));
  const status = readStatus(reader.any());
  const thisUpdate = decodeTime(reader.element(Tag.generalizedTime, 'thisUpdate'));
  const next = reader.enterOptional(contextTag(0));
  const nextUpdate = next === undefined ? {} : { nextUpdate: onlyTime(next, 'nextUpdate') };
  const extensions = readExplicitExtensions(reader);
  reader.finish('a single response');
  return { certId, ...status, thisUpdate, ...nextUpdate, extensions };
}

function onlyTime(reader: DerReader, what: string): Date {
  const time = decodeTime(reader.element(Tag.generalizedTime, what));
  reader.finish(what);
  return time;
}

function readCertId(reader: DerReader): CertId {
  const algorithm = reader.enter(Tag.sequence, 'a hash algorithm');
  const hashAlgorithm = decodeOid(algorithm.element(Tag.oid, 'a hash algorithm'));
  algorithm.optional(Tag.null);
  algorithm.finish('a hash algorithm');
  const issuerNameHash = contentOf(reader.element(Tag.octetString, 'the hash of a name'));
  const issuerKeyHash = contentOf(reader.element(Tag.octetString, 'the hash of a key'));
  const serial = decodeIntegerBytes(reader.element(Tag.integer, 'a serial number'));
  reader.finish('a certificate identifier');
  return { hashAlgorithm, issuerNameHash, issuerKeyHash, serial };
}

type Status = Pick<OcspSingleResponse, 'status' | 'revokedAt' | 'reason'>;

function readStatus(element: DerElement): Status {
  const isEmpty = element.contentStart === element.end;
  if (element.tag === contextTag(0, 'primitive') && isEmpty) return { status: 'good' };
  if (element.tag === contextTag(2, 'primitive') && isEmpty) return { status: 'unknown' };
  if (element.tag !== contextTag(1))
    refuse('expected good, revoked or unknown in an OCSP answer, found another status');
  const reader = new DerReader(element.bytes, element.contentStart, element.end);
  const revokedAt = decodeTime(reader.element(Tag.generalizedTime, 'the time of revocation'));
  const explicit = reader.enterOptional(contextTag(0));
  const code = explicit === undefined ? 0 : decodeUnsigned(explicit.element(Tag.enumerated, 'a reason'));
  explicit?.finish('a reason');
  reader.finish('a revocation');
  const reason = revocationReasons[code] ?? refuse(`expected a reason of RFC 5280, found ${code}`);
  return { status: 'revoked', revokedAt, reason };
}
