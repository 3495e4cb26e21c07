import type { Bytes } from '@notarykit/common/internal';
import {
  contentOf,
  contextTag,
  type DerReader,
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
import { PkiError } from '../errors.js';
import type { Certificate, Extension } from '../x509/certificate.js';
import { parseCertificate } from '../x509/parse.js';
import { type OcspSingleResponse, readExplicitExtensions, readSingle } from './ocsp-single-response.js';
import { refuse } from './refuse.js';

/** A successful OCSP answer that was parsed strictly (RFC 6960, 4.2); nothing about it is verified yet. */
export interface OcspResponse {
  /** The signed part. */
  readonly tbs: Bytes;
  /** Who signed: a name, DER, or the SHA-1 of a key. */
  readonly responder: { readonly name: Bytes } | { readonly keyHash: Bytes };
  readonly producedAt: Date;
  readonly responses: readonly OcspSingleResponse[];
  readonly extensions: readonly Extension[];
  readonly signatureAlgorithmDer: Bytes;
  readonly signature: Bytes;
  /** Certificates that came with the answer. */
  readonly certificates: readonly Certificate[];
}

/** Default limit of an OCSP answer, bytes. */
export const mostOcspBytes: number = 64 * 1024;

const errorStatuses: Readonly<Record<number, string>> = {
  1: 'malformedRequest',
  2: 'internalError',
  3: 'tryLater',
  5: 'sigRequired',
  6: 'unauthorized',
};

/** Limits of {@link parseOcspResponse}. */
export interface ParseOcspOptions {
  /** The most bytes. Default 64 KiB. */
  readonly maxBytes?: number;
}

/**
 * Parses an OCSP answer (RFC 6960, 4.2.1) strictly. An answer that reports an error carries nothing signed and is refused.
 *
 * @throws {PkiError} `ERR_PKI_ASN1` not DER, `ERR_PKI_REVOCATION` not an answer, or one that reports an error, `ERR_PKI_LIMIT`
 */
export function parseOcspResponse(der: Uint8Array, options: ParseOcspOptions = {}): OcspResponse {
  const { maxBytes = mostOcspBytes } = options;
  if (der.length > maxBytes) {
    throw new PkiError('ERR_PKI_LIMIT', `expected an OCSP answer of at most ${maxBytes} bytes, found ${der.length}`);
  }
  const bytes = new Uint8Array(der);
  scanDer(bytes);
  const reader = readDerDocument(bytes, Tag.sequence, 'an OCSP answer');
  const status = decodeUnsigned(reader.element(Tag.enumerated, 'a response status'));
  if (status !== 0) refuse(`expected a successful OCSP answer, found ${errorStatuses[status] ?? `status ${status}`}`);
  const typed = reader.enter(contextTag(0), 'response bytes');
  reader.finish('an OCSP answer');
  return parseBasic(basicBytes(typed.enter(Tag.sequence, 'response bytes')));
}

function basicBytes(reader: DerReader): Bytes {
  const type = decodeOid(reader.element(Tag.oid, 'a response type'));
  if (type !== '1.3.6.1.5.5.7.48.1.1') refuse('expected a basic OCSP answer, found another type');
  const content = contentOf(reader.element(Tag.octetString, 'a basic answer'));
  reader.finish('response bytes');
  scanDer(content);
  return content;
}

function parseBasic(bytes: Bytes): OcspResponse {
  const reader = readDerDocument(bytes, Tag.sequence, 'a basic OCSP answer');
  const tbs = reader.element(Tag.sequence, 'response data');
  const algorithm = reader.element(Tag.sequence, 'a signature algorithm');
  const signature = decodeOctetBitString(reader.element(Tag.bitString, 'a signature'));
  const certificates = readCertificates(reader.enterOptional(contextTag(0)));
  reader.finish('a basic OCSP answer');
  const fields = readResponseData(readerOf(tbs));
  return { tbs: derOf(tbs), ...fields, signatureAlgorithmDer: derOf(algorithm), signature, certificates };
}

/** More certificates than any responder sends. */
const mostCertificates = 10;

function readCertificates(explicit: DerReader | undefined): Certificate[] {
  if (explicit === undefined) return [];
  const list = explicit.enter(Tag.sequence, 'certificates');
  explicit.finish('certificates');
  const certificates: Certificate[] = [];
  while (list.more) {
    if (certificates.length === mostCertificates) {
      throw new PkiError('ERR_PKI_LIMIT', `expected at most ${mostCertificates} certificates in an OCSP answer`);
    }
    certificates.push(parseCertificate(derOf(list.element(Tag.sequence, 'a certificate'))));
  }
  return certificates;
}

type ResponseData = Pick<OcspResponse, 'responder' | 'producedAt' | 'responses' | 'extensions'>;

function readResponseData(reader: DerReader): ResponseData {
  checkVersion(reader.enterOptional(contextTag(0)));
  const responder = readResponder(reader);
  const producedAt = decodeTime(reader.element(Tag.generalizedTime, 'the time of production'));
  const list = reader.enter(Tag.sequence, 'single responses');
  const responses: OcspSingleResponse[] = [];
  while (list.more) responses.push(readSingle(list.enter(Tag.sequence, 'a single response')));
  const extensions = readExplicitExtensions(reader);
  reader.finish('response data');
  return { responder, producedAt, responses, extensions };
}

/** Version 1 is the default, which DER leaves out; some responders write it all the same. */
function checkVersion(explicit: DerReader | undefined): void {
  if (explicit === undefined) return;
  if (decodeUnsigned(explicit.element(Tag.integer, 'a version')) !== 0) refuse('expected OCSP version 1');
  explicit.finish('a version');
}

function readResponder(reader: DerReader): OcspResponse['responder'] {
  const byName = reader.enterOptional(contextTag(1));
  if (byName !== undefined) {
    const name = derOf(byName.element(Tag.sequence, 'a name'));
    byName.finish('a responder');
    return { name };
  }
  const byKey = reader.enter(contextTag(2), 'a responder');
  const keyHash = contentOf(byKey.element(Tag.octetString, 'a key hash'));
  byKey.finish('a responder');
  return { keyHash };
}
