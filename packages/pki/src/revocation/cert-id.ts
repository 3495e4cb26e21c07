import { type Bytes, encodeHex, webCrypto } from '@notarykit/common/internal';
import {
  contextTag,
  decodeIntegerBytes,
  encodeElement,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  readDerDocument,
  Tag,
} from '../asn1/index.js';
import { keyBitsOf } from '../crypto/public-key.js';
import type { Certificate } from '../x509/certificate.js';

/** Hash algorithms of certificate identifiers, by OID: a lookup key, not a signature, so SHA-1 does no harm here. */
const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
};

/** How OCSP names a certificate (RFC 6960, 4.1.1). */
export interface CertId {
  /** OID of the hash. */
  readonly hashAlgorithm: string;
  readonly issuerNameHash: Bytes;
  readonly issuerKeyHash: Bytes;
  /** Content of the INTEGER, sign byte included. */
  readonly serial: Bytes;
}

/** The identifier of a certificate under its issuer; `undefined` for a hash that is not known. */
export async function certIdOf(
  certificate: Certificate,
  issuer: Certificate,
  hashAlgorithm = '1.3.14.3.2.26',
): Promise<CertId | undefined> {
  const [issuerNameHash, issuerKeyHash] = await Promise.all([
    digest(hashAlgorithm, issuer.subject.der),
    digest(hashAlgorithm, keyBitsOf(issuer.publicKey)),
  ]);
  if (issuerNameHash === undefined || issuerKeyHash === undefined) return undefined;
  return { hashAlgorithm, issuerNameHash, issuerKeyHash, serial: serialOf(certificate) };
}

/** A digest by the OID of its hash. */
export async function digest(oid: string, bytes: Bytes): Promise<Bytes | undefined> {
  const name = hashes[oid];
  return name === undefined ? undefined : new Uint8Array(await webCrypto().digest(name, bytes));
}

/** The text by which two identifiers are compared. */
export function certIdText({ hashAlgorithm, issuerNameHash, issuerKeyHash, serial }: CertId): string {
  return [hashAlgorithm, encodeHex(issuerNameHash), encodeHex(issuerKeyHash), encodeHex(serial)].join(':');
}

/** The DER of an identifier; the hash has NULL parameters, as every client writes them. */
export function encodeCertId({ hashAlgorithm, issuerNameHash, issuerKeyHash, serial }: CertId): Bytes {
  return encodeSequence(
    encodeSequence(encodeOid(hashAlgorithm), encodeNull()),
    encodeOctetString(issuerNameHash),
    encodeOctetString(issuerKeyHash),
    encodeElement(Tag.integer, serial),
  );
}

/** Content of the serial number as it is in the certificate: 0xff (-1) and 0x00ff (255) are two numbers. */
export function serialOf({ tbs }: Certificate): Bytes {
  const reader = readDerDocument(tbs, Tag.sequence, 'a TBSCertificate');
  reader.optional(contextTag(0));
  return decodeIntegerBytes(reader.element(Tag.integer, 'a serial number'));
}
