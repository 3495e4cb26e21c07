import { type Bytes, hash } from '@notarykit/common/internal';
import { Certificate, CertificationRequest, PublicKeyInfo, RelativeDistinguishedNames } from 'pkijs';
import { encodedAs, extensionsOf, integer, time } from './der.js';
import type { ExtensionSpec } from './extension-spec.js';
import { authorityKeyIdentifier, subjectKeyIdentifier } from './extensions.js';
import type { KeyPair } from './keys.js';
import { encodeName, type SubjectAttributes } from './names.js';
import { signed } from './sign.js';
import type { SigningOptions } from './signing-options.js';

/** What a certificate says, beyond its keys. */
export interface CertificateOptions extends SigningOptions {
  readonly subject?: SubjectAttributes;
  /** Default 2020-01-01T00:00:00Z. */
  readonly notBefore?: Date;
  /** Default 2119-12-31T23:59:59Z. */
  readonly notAfter?: Date;
  /** Default 16 random bytes. */
  readonly serialNumber?: bigint;
  /** Changes the extensions that the kind of certificate has: add, drop or replace at will. */
  readonly extensions?: (defaults: readonly ExtensionSpec[]) => readonly ExtensionSpec[];
  /** URLs of OCSP responders; default the authority's. */
  readonly ocspUrls?: readonly string[];
  /** URLs of CRL distribution points; default the authority's. */
  readonly crlUrls?: readonly string[];
}

/** A certificate that may issue others: its DER and its key. */
export interface Issuer {
  readonly certificate: Bytes;
  readonly subjectDer: Bytes;
  readonly keyPair: KeyPair;
}

/** Everything that goes into a certificate. */
export interface CertificateParts extends CertificateOptions {
  readonly subjectDer: Bytes;
  readonly spki: Bytes;
  /** Absent: self-signed with `selfSigner`. */
  readonly issuer: { readonly subjectDer: Bytes; readonly keyPair: KeyPair };
  readonly defaults: readonly ExtensionSpec[];
}

/** First moment of the lab's certificates. */
export const labNotBefore: Date = new Date('2020-01-01T00:00:00Z');
/** Last moment of the lab's certificates. */
export const labNotAfter: Date = new Date('2119-12-31T23:59:59Z');

/** Issues a certificate, version 3 (RFC 5280, 4.1). */
export function buildCertificate(parts: CertificateParts): Promise<Bytes> {
  const { issuer } = parts;
  const keyIdentifiers = [subjectKeyIdentifier(keyId(parts.spki)), authorityKeyIdentifier(keyId(issuer.keyPair.spki))];
  const defaults = [...parts.defaults, ...keyIdentifiers];
  const extensions = parts.extensions?.(defaults) ?? defaults;
  const certificate = new Certificate({
    version: 2,
    serialNumber: integer(parts.serialNumber ?? randomSerial()),
    issuer: encodedAs(RelativeDistinguishedNames, issuer.subjectDer),
    notBefore: time(parts.notBefore ?? labNotBefore),
    notAfter: time(parts.notAfter ?? labNotAfter),
    subject: encodedAs(RelativeDistinguishedNames, parts.subjectDer),
    subjectPublicKeyInfo: encodedAs(PublicKeyInfo, parts.spki),
    ...(extensions.length === 0 ? {} : { extensions: extensionsOf(extensions) }),
  });
  return signed(certificate, issuer.keyPair, parts);
}

/** A key identifier: the first 160 bits of SHA-256 over the key (RFC 7093, 2). */
export const keyId = (spki: Bytes): Bytes => hash('sha256', spki).slice(0, 20) as Bytes;

/** A positive serial number of 16 random bytes. */
export function randomSerial(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) | (1n << 120n);
}

/** A PKCS#10 request for a key (RFC 2986), signed by it. */
export function buildCsr(keyPair: KeyPair, subject: SubjectAttributes, options: SigningOptions = {}): Promise<Bytes> {
  const request = new CertificationRequest({
    version: 0,
    subject: encodedAs(RelativeDistinguishedNames, encodeName(subject)),
    subjectPublicKeyInfo: encodedAs(PublicKeyInfo, keyPair.spki),
    attributes: [],
  });
  return signed(request, keyPair, options);
}
