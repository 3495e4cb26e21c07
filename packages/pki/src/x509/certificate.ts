import type { Bytes } from '@notarykit/common/internal';
import type { PublicKey } from '../crypto/public-key.js';

/** One attribute of a name: its type as a dotted OID and its decoded value. */
export interface NameAttribute {
  /** Dotted, for example `2.5.4.3`. */
  readonly type: string;
  readonly value: string;
  /** The DER of the value, tag included. */
  readonly der: Bytes;
}

/** A distinguished name (RFC 5280, 4.1.2.4): relative distinguished names in the certificate's order. */
export interface Name {
  /** The DER of the whole name; two names are equal when these bytes are. */
  readonly der: Bytes;
  readonly rdns: readonly (readonly NameAttribute[])[];
}

/** An extension as it is in the certificate. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** Content of the OCTET STRING. */
  readonly value: Bytes;
}

/** Names of the bits of a key usage extension (RFC 5280, 4.2.1.3). */
export type KeyUsageName =
  | 'digitalSignature'
  | 'contentCommitment'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/** A certificate that was parsed strictly (RFC 5280); nothing about it is verified yet. */
export interface Certificate {
  /** The whole certificate, exactly as received. */
  readonly der: Bytes;
  /** The signed part, exactly as received. */
  readonly tbs: Bytes;
  readonly version: 1 | 2 | 3;
  /** Content of the INTEGER, lower-case hex without leading zero bytes. */
  readonly serialNumber: string;
  /** RFC 5280, 4.1.2.2, forbids it, but there are such certificates; `serialNumber` is then the two's complement. */
  readonly isSerialNumberNegative: boolean;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: PublicKey;
  /** Dotted OID of the algorithm that the issuer signed with. */
  readonly signatureAlgorithm: string;
  /** The AlgorithmIdentifier, DER. */
  readonly signatureAlgorithmDer: Bytes;
  readonly signature: Bytes;
  readonly extensions: readonly Extension[];
  readonly basicConstraints?: { readonly critical: boolean; readonly ca: boolean; readonly pathLength?: number };
  readonly keyUsage?: { readonly critical: boolean; readonly usages: ReadonlySet<KeyUsageName> };
  readonly extendedKeyUsage?: { readonly critical: boolean; readonly purposes: readonly string[] };
  readonly subjectKeyIdentifier?: Bytes;
  readonly authorityKeyIdentifier?: { readonly keyIdentifier?: Bytes };
  /**
   * OIDs of extensions that this reader knows but found malformed. Only basic constraints, key usage and extended key usage are
   * honoured by the Notary Project, so others do not refuse a certificate; who relies on one looks here first.
   */
  readonly malformedExtensions: readonly string[];
  /** http, https, ldap … URIs of OCSP responders, in order (authority information access). */
  readonly ocspUrls: readonly string[];
  /** URIs of CRL distribution points, in order. */
  readonly crlUrls: readonly string[];
  /** Lower-case hex SHA-256 of `der`: the certificate's identity in trust stores and caches. */
  readonly fingerprint: string;
}
