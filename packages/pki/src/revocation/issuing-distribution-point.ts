import { type Bytes, concatBytes, defined, equalBytes, utf8 } from '@notarykit/common/internal';
import {
  contentOf,
  contextTag,
  type DerElement,
  type DerReader,
  decodeBitString,
  decodeBoolean,
  derOf,
  encodeContext,
  encodeContextPrimitive,
  encodeElement,
  encodeSequence,
  readDerDocument,
  scanDer,
  Tag,
} from '../asn1/index.js';
import type { Certificate } from '../x509/certificate.js';
import { ExtensionOid } from '../x509/extensions.js';
import { refuse } from './refuse.js';

/** The scope of a CRL (RFC 5280, 5.2.5). */
export interface IssuingDistributionPoint {
  /** GeneralNames, DER; a name relative to the issuer is completed. Absent: any distribution point. */
  readonly names?: (issuerDer: Bytes) => readonly Bytes[];
  readonly onlyUserCertificates: boolean;
  readonly onlyCaCertificates: boolean;
  readonly onlyAttributeCertificates: boolean;
  /** Speaks for other issuers' certificates too. */
  readonly indirect: boolean;
  /** Bits of ReasonFlags that it covers; absent: all. */
  readonly reasons?: number;
}

/** All reasons of ReasonFlags but `unused`: bits 1 to 8. */
export const allReasons = 0x1fe;

/**
 * Parses an issuing distribution point extension.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_REVOCATION` when it says nothing, or two scopes at once
 */
export function parseIssuingDistributionPoint(value: Bytes): IssuingDistributionPoint {
  scanDer(value);
  const reader = readDerDocument(value, Tag.sequence, 'an issuing distribution point');
  if (!reader.more) refuse('expected a scope in an issuing distribution point, found none');
  const names = readPointName(reader);
  const onlyUserCertificates = flag(reader, 1);
  const onlyCaCertificates = flag(reader, 2);
  const someReasons = reader.optional(contextTag(3, 'primitive'));
  const indirect = flag(reader, 4);
  const onlyAttributeCertificates = flag(reader, 5);
  reader.finish('an issuing distribution point');
  if ([onlyUserCertificates, onlyCaCertificates, onlyAttributeCertificates].filter(Boolean).length > 1) {
    refuse('expected one scope in an issuing distribution point, found two at once');
  }
  const scope = { onlyUserCertificates, onlyCaCertificates, onlyAttributeCertificates, indirect };
  return {
    ...scope,
    ...defined({ names }),
    ...(someReasons === undefined ? {} : { reasons: reasonBits(someReasons) }),
  };
}

function flag(reader: DerReader, number: number): boolean {
  const element = reader.optional(contextTag(number, 'primitive'));
  if (element === undefined) return false;
  if (!decodeBoolean(element)) refuse('expected a flag that is not the default, found FALSE');
  return true;
}

function reasonBits(element: DerElement): number {
  const { bytes } = decodeBitString({ ...element, tag: Tag.bitString });
  let bits = 0;
  for (let bit = 0; bit <= 8; bit++) if ((((bytes[bit >> 3] ?? 0) << (bit & 7)) & 0x80) !== 0) bits |= 1 << bit;
  return bits;
}

type PointNames = (issuerDer: Bytes) => readonly Bytes[];

/** DistributionPointName: a full name, or one relative to the CRL's issuer. */
function readPointName(reader: DerReader): PointNames | undefined {
  const explicit = reader.enterOptional(contextTag(0));
  if (explicit === undefined) return undefined;
  const name = explicit.any();
  explicit.finish('a distribution point name');
  if (name.tag === contextTag(0)) {
    const names = generalNames(name);
    return () => names;
  }
  if (name.tag !== contextTag(1)) refuse('expected a full or relative distribution point name, found another');
  return (issuerDer) => [relativeName(issuerDer, contentOf(name))];
}

function generalNames(element: DerElement): readonly Bytes[] {
  const content = readDerDocument(encodeSequence(contentOf(element)), Tag.sequence, 'general names');
  const names: Bytes[] = [];
  while (content.more) names.push(derOf(content.any()));
  return names;
}

/** A directory name: the issuer's name and one more relative distinguished name. */
function relativeName(issuerDer: Bytes, rdn: Bytes): Bytes {
  const issuer = readDerDocument(issuerDer, Tag.sequence, 'a name');
  const rdns = issuerDer.subarray(issuer.position, issuer.end);
  return encodeContext(4, encodeSequence(concatBytes([rdns, encodeElement(Tag.set, rdn)])));
}

/** One distribution point that a certificate names (RFC 5280, 4.2.1.13). */
interface DistributionPoint {
  readonly names: readonly Bytes[];
  readonly reasons: number;
  /** The CRL is issued by someone other than the issuer of the certificate. */
  readonly otherIssuer: boolean;
}

/** The distribution points of a certificate; none when it has no such extension. @throws {PkiError} `ERR_PKI_ASN1` */
function distributionPointsOf(certificate: Certificate): readonly DistributionPoint[] {
  const extension = certificate.extensions.find(({ oid }) => oid === ExtensionOid.crlDistributionPoints);
  if (extension === undefined) return [];
  scanDer(extension.value);
  const reader = readDerDocument(extension.value, Tag.sequence, 'distribution points');
  const points: DistributionPoint[] = [];
  while (reader.more) points.push(readPoint(reader.enter(Tag.sequence, 'a distribution point'), certificate));
  return points;
}

function readPoint(reader: DerReader, certificate: Certificate): DistributionPoint {
  const names = readPointName(reader)?.(certificate.issuer.der) ?? [];
  const reasons = reader.optional(contextTag(1, 'primitive'));
  const issuer = reader.optional(contextTag(2));
  reader.finish('a distribution point');
  return {
    names,
    reasons: reasons === undefined ? allReasons : reasonBits(reasons) & allReasons,
    otherIssuer: issuer !== undefined && !isIssuedBy(issuer, certificate),
  };
}

function isIssuedBy(crlIssuer: DerElement, { issuer }: Certificate): boolean {
  return generalNames(crlIssuer).some((name) => equalBytes(name, encodeContext(4, issuer.der)));
}

/**
 * Which reasons a CRL of this scope covers for a certificate, as bits of ReasonFlags; a text says why it covers none
 * (RFC 5280, 6.3.3 (b)). `url` is where the CRL was found.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function coveredReasons(
  certificate: Certificate,
  scope: IssuingDistributionPoint | undefined,
  url: string | undefined,
): number | string {
  const points = distributionPointsOf(certificate);
  const own = points.filter(({ otherIssuer }) => !otherIssuer);
  if (points.length > 0 && own.length === 0) return 'the certificate names another CRL issuer';
  if (scope === undefined) return reasonsOf(own);
  const isCa = certificate.basicConstraints?.ca === true;
  if (scope.indirect) return 'the CRL is an indirect one';
  if (scope.onlyAttributeCertificates) return 'the CRL is for attribute certificates only';
  if (scope.onlyUserCertificates && (isCa || certificate.version !== 3)) return 'the CRL is for end entities only';
  if (scope.onlyCaCertificates && !isCa) return 'the CRL is for CAs only';
  const matching = scope.names === undefined ? own : matchingPoints(own, scope.names(certificate.issuer.der), url);
  if (matching === undefined) return 'the CRL is for another distribution point';
  return reasonsOf(matching) & (scope.reasons ?? allReasons);
}

/** Points that share a name with the CRL's; where the certificate names none, the URL asked for counts. */
function matchingPoints(
  points: readonly DistributionPoint[],
  names: readonly Bytes[],
  url: string | undefined,
): readonly DistributionPoint[] | undefined {
  const isShared = (name: Bytes): boolean => names.some((other) => equalBytes(name, other));
  const matching = points.filter((point) => point.names.some(isShared));
  if (matching.length > 0) return matching;
  const isAskedFor = url !== undefined && isShared(encodeContextPrimitive(6, utf8(url)));
  return points.length === 0 && isAskedFor ? [] : undefined;
}

function reasonsOf(points: readonly DistributionPoint[]): number {
  return points.length === 0 ? allReasons : points.reduce((bits, point) => bits | point.reasons, 0);
}
