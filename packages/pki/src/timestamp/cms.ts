import type { Bytes } from '@notarykit/common/internal';
import {
  contentOf,
  contextTag,
  type DerReader,
  decodeIntegerBytes,
  decodeOid,
  decodeUnsigned,
  derOf,
  encodeSet,
  normalizeBer,
  readDerDocument,
  Tag,
} from '../asn1/index.js';
import { PkiError } from '../errors.js';

/** CMS SignedData (RFC 5652, 5.1) with its content inside. Nothing about it is verified. */
export interface SignedData {
  /** OID of the content. */
  readonly contentType: string;
  readonly content: Bytes;
  /** DER. */
  readonly certificates: readonly Bytes[];
  readonly signerInfos: readonly SignerInfo[];
}

/** Who a signer says to be: issuer (DER of the name) and content of the serial number. */
export interface IssuerAndSerial {
  readonly issuer: Bytes;
  readonly serial: Bytes;
}

/** One signature of a SignedData (RFC 5652, 5.3). */
export interface SignerInfo {
  readonly signer: IssuerAndSerial;
  /** OID. */
  readonly digestAlgorithm: string;
  /** By OID: the only value, DER. */
  readonly signedAttributes: ReadonlyMap<string, Bytes>;
  /** What the signature covers: the signed attributes as a SET OF in DER. */
  readonly signedBytes: Bytes;
  readonly signatureAlgorithmDer: Bytes;
  readonly signature: Bytes;
}

const oidSignedData = '1.2.840.113549.1.7.2';
/** More certificates than any authority sends; each may cost a signature check. */
const mostCertificates = 20;
const mostSignerInfos = 10;

/**
 * Parses CMS SignedData, version 3, BER or DER.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_TIMESTAMP` when it is another kind of CMS, `ERR_PKI_LIMIT`
 */
export function parseSignedData(bytes: Uint8Array): SignedData {
  const reader = readDerDocument(normalizeBer(bytes), Tag.sequence, 'a CMS ContentInfo');
  const type = decodeOid(reader.element(Tag.oid, 'a content type'));
  if (type !== oidSignedData) refuse(`expected CMS SignedData, found content type ${type}`);
  const explicit = reader.enter(contextTag(0), 'a content');
  reader.finish('a CMS ContentInfo');
  const signedData = readSignedData(explicit.enter(Tag.sequence, 'a SignedData'));
  explicit.finish('a content');
  return signedData;
}

function readSignedData(reader: DerReader): SignedData {
  const version = decodeUnsigned(reader.element(Tag.integer, 'a version'));
  if (version !== 3) refuse(`expected SignedData of version 3, found version ${version}`);
  checkAlgorithms(reader.enter(Tag.set, 'digest algorithms'));
  const content = readContent(reader.enter(Tag.sequence, 'an encapsulated content'));
  const certificates = readCertificates(reader.enterOptional(contextTag(0)));
  reader.optional(contextTag(1));
  const infos = reader.enter(Tag.set, 'signer infos');
  reader.finish('a SignedData');
  const signerInfos: SignerInfo[] = [];
  while (infos.more) {
    if (signerInfos.length === mostSignerInfos) limit(`expected at most ${mostSignerInfos} signer infos`);
    signerInfos.push(readSignerInfo(infos.enter(Tag.sequence, 'a signer info')));
  }
  return { ...content, certificates, signerInfos };
}

function readContent(reader: DerReader): Pick<SignedData, 'contentType' | 'content'> {
  const contentType = decodeOid(reader.element(Tag.oid, 'a content type'));
  const explicit = reader.enter(contextTag(0), 'a content');
  reader.finish('an encapsulated content');
  const content = contentOf(explicit.element(Tag.octetString, 'a content'));
  explicit.finish('a content');
  return { contentType, content };
}

function readCertificates(list: DerReader | undefined): Bytes[] {
  const certificates: Bytes[] = [];
  while (list?.more) {
    if (certificates.length === mostCertificates) limit(`expected at most ${mostCertificates} certificates in CMS`);
    certificates.push(derOf(list.element(Tag.sequence, 'an X.509 certificate')));
  }
  return certificates;
}

function readSignerInfo(reader: DerReader): SignerInfo {
  const version = decodeUnsigned(reader.element(Tag.integer, 'a version'));
  if (version !== 1) refuse(`expected a signer info of version 1, found version ${version}`);
  const signer = readIssuerAndSerial(reader.enter(Tag.sequence, 'an issuer and serial number'));
  const digestAlgorithm = readAlgorithm(reader.enter(Tag.sequence, 'a digest algorithm'));
  const attributes = reader.enterOptional(contextTag(0));
  if (attributes === undefined) refuse('expected signed attributes, found none');
  const signatureAlgorithmDer = derOf(reader.element(Tag.sequence, 'a signature algorithm'));
  const signature = contentOf(reader.element(Tag.octetString, 'a signature'));
  checkAttributes(reader.enterOptional(contextTag(1)));
  reader.finish('a signer info');
  return { signer, digestAlgorithm, ...readAttributes(attributes), signatureAlgorithmDer, signature };
}

/**
 * AlgorithmIdentifiers that nothing here uses, since each signer names its own: only their form is checked, as other readers do, so
 * that no two see two documents. @throws {PkiError} `ERR_PKI_ASN1`
 */
function checkAlgorithms(list: DerReader): void {
  while (list.more) {
    const algorithm = list.enter(Tag.sequence, 'a digest algorithm');
    decodeOid(algorithm.element(Tag.oid, 'a digest algorithm'));
    if (algorithm.more) algorithm.any();
    algorithm.finish('a digest algorithm');
  }
}

/** Unsigned attributes: nothing is read from them, but they are attributes. @throws {PkiError} `ERR_PKI_ASN1` */
function checkAttributes(list: DerReader | undefined): void {
  while (list?.more) {
    const attribute = list.enter(Tag.sequence, 'an attribute');
    decodeOid(attribute.element(Tag.oid, 'an attribute type'));
    attribute.enter(Tag.set, 'attribute values');
    attribute.finish('an attribute');
  }
}

/** IssuerAndSerialNumber. @throws {PkiError} `ERR_PKI_ASN1` */
function readIssuerAndSerial(reader: DerReader): IssuerAndSerial {
  const issuer = derOf(reader.element(Tag.sequence, 'an issuer'));
  const serial = decodeIntegerBytes(reader.element(Tag.integer, 'a serial number'));
  reader.finish('an issuer and serial number');
  return { issuer, serial };
}

/** OID of an AlgorithmIdentifier whose parameters are absent or NULL. @throws {PkiError} `ERR_PKI_ASN1` */
export function readAlgorithm(reader: DerReader): string {
  const oid = decodeOid(reader.element(Tag.oid, 'an algorithm'));
  reader.optional(Tag.null);
  reader.finish('an algorithm');
  return oid;
}

function readAttributes(reader: DerReader): Pick<SignerInfo, 'signedAttributes' | 'signedBytes'> {
  const encoded: Bytes[] = [];
  const signedAttributes = new Map<string, Bytes>();
  while (reader.more) {
    const element = reader.element(Tag.sequence, 'an attribute');
    encoded.push(derOf(element));
    const attribute = readDerDocument(derOf(element), Tag.sequence, 'an attribute');
    const type = decodeOid(attribute.element(Tag.oid, 'an attribute type'));
    const values = attribute.enter(Tag.set, 'attribute values');
    attribute.finish('an attribute');
    if (signedAttributes.has(type)) refuse(`expected each signed attribute once, found ${type} twice`);
    signedAttributes.set(type, derOf(values.any()));
    if (values.more) refuse(`expected one value of the signed attribute ${type}, found more`);
  }
  return { signedAttributes, signedBytes: encodeSet(...encoded) };
}

function refuse(message: string): never {
  throw new PkiError('ERR_PKI_TIMESTAMP', message);
}

function limit(message: string): never {
  throw new PkiError('ERR_PKI_LIMIT', `${message}, found more`);
}
