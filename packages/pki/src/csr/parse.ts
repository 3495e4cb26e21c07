import { contextTag, type DerElement, decodeUnsigned, derOf, readDerDocument, Tag } from '../asn1/index.js';
import { type PublicKey, parsePublicKey } from '../crypto/public-key.js';
import { PkiError } from '../errors.js';
import type { Name } from '../x509/certificate.js';
import { nameOf } from '../x509/name.js';

/** What a certificate signing request asks for. Its signature is not verified. */
export interface Csr {
  readonly subject: Name;
  readonly publicKey: PublicKey;
}

/**
 * Parses a certificate signing request (PKCS #10, RFC 2986), DER: its name and its key. Attributes are passed over, and its
 * signature is not verified.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_CERTIFICATE` for a request of another version
 */
export function parseCsr(der: Uint8Array): Csr {
  const request = readDerDocument(der, Tag.sequence, 'a certification request');
  const info = request.enter(Tag.sequence, 'a CertificationRequestInfo');
  request.element(Tag.sequence, 'a signature algorithm');
  request.element(Tag.bitString, 'a signature');
  request.finish('a certification request');
  const version = decodeUnsigned(info.element(Tag.integer, 'a version'));
  if (version !== 0) throw new PkiError('ERR_PKI_CERTIFICATE', `expected a request of version 0, found ${version}`);
  const subject: DerElement = info.element(Tag.sequence, 'a subject');
  const publicKey = info.element(Tag.sequence, 'a SubjectPublicKeyInfo');
  info.optional(contextTag(0));
  info.finish('a CertificationRequestInfo');
  return { subject: nameOf(subject), publicKey: parsePublicKey(derOf(publicKey)) };
}
