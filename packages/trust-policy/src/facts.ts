/** A certificate as reports name it. Times are RFC 3339. */
export interface CertificateFact {
  /** As notation renders it: `CN=…,O=…,ST=…,C=…`. */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hex SHA-256 of the certificate. */
  readonly fingerprint: string;
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** How near an identity of the policy came to the signer's subject. */
export interface IdentityComparison {
  /** As it is in the policy. */
  readonly identity: string;
  /** The first attribute that differs. */
  readonly attribute?: string;
  readonly expected?: string;
  /** Absent when the subject has no such attribute. */
  readonly found?: string;
}

/** One source that was asked whether a certificate is revoked. */
export interface RevocationAttempt {
  readonly method: 'ocsp' | 'crl';
  readonly url?: string;
  readonly outcome: 'good' | 'revoked' | 'unavailable';
  readonly reason?: string;
  readonly thisUpdate?: string;
  readonly nextUpdate?: string;
  readonly revokedAt?: string;
}

/** What a certificate's validity was held against. */
export type TimeSource = 'verification' | 'authenticSigningTime' | 'timestamp';

/** A certificate that is not valid at a time. */
export interface ValidityFact {
  readonly certificate: CertificateFact;
  readonly time: string;
  readonly timeSource: TimeSource;
}

/**
 * The fact that decided: why a validation failed (or would have, had it been enforced), why a referrer or signature was
 * passed over, or why there was nothing to verify. Tell them apart by `fact`; each has what a program needs as fields.
 */
export type Fact =
  // the envelope
  | { readonly fact: 'envelopeRefused'; readonly code: string; readonly message: string }
  | { readonly fact: 'signatureUnavailable'; readonly code: string; readonly message: string }
  // authenticity
  | {
      readonly fact: 'noStoreOfType';
      readonly type: 'ca' | 'signingAuthority' | 'tsa';
      readonly configured: readonly string[];
    }
  | {
      readonly fact: 'storeRefused';
      readonly store: string;
      readonly code: string;
      readonly message: string;
      readonly file?: string;
    }
  | { readonly fact: 'chainNotTrusted'; readonly stores: readonly string[]; readonly chain: readonly CertificateFact[] }
  | { readonly fact: 'noComparableIdentity'; readonly identities: readonly string[] }
  | {
      readonly fact: 'subjectNotComparable';
      readonly subject: string;
      /** The whole subject as an identity `x509.name:` names it. */
      readonly wholeName: string;
      readonly attribute?: string;
      readonly problem: string;
    }
  | {
      readonly fact: 'identityNotTrusted';
      readonly subject: string;
      /** As above. */
      readonly wholeName: string;
      readonly identities: readonly IdentityComparison[];
    }
  // time
  | { readonly fact: 'expired'; readonly expiry: string; readonly now: string }
  | ({ readonly fact: 'certificateExpired' } & ValidityFact)
  | ({ readonly fact: 'certificateNotYetValid' } & ValidityFact)
  | { readonly fact: 'timestampMissing'; readonly stores: readonly string[] }
  | { readonly fact: 'timestampRefused'; readonly code: string; readonly message: string }
  | {
      readonly fact: 'timestampOutsideValidity';
      readonly certificate: CertificateFact;
      readonly earliest: string;
      readonly latest: string;
      readonly side: 'before' | 'after';
    }
  // revocation, of the signing chain or of the timestamp's
  | {
      readonly fact: 'certificateRevoked';
      readonly chain: 'signing' | 'timestamp';
      readonly certificate: CertificateFact;
      readonly attempts: readonly RevocationAttempt[];
    }
  | {
      readonly fact: 'revocationUnavailable';
      readonly chain: 'signing' | 'timestamp';
      readonly certificate: CertificateFact;
      readonly attempts: readonly RevocationAttempt[];
    }
  | { readonly fact: 'revocationNotChecked'; readonly chain: 'signing' | 'timestamp'; readonly reason: string }
  // plugins and critical attributes
  | {
      readonly fact: 'pluginRefused';
      readonly plugin: string;
      readonly problem: 'name' | 'minVersion' | 'notRegistered' | 'tooOld' | 'noCapability' | 'failed' | 'noResult';
      readonly minVersion?: string;
      readonly version?: string;
      readonly message: string;
    }
  | { readonly fact: 'pluginRejected'; readonly plugin: string; readonly capability: string; readonly reason: string }
  | { readonly fact: 'criticalAttributesUnprocessed'; readonly attributes: readonly string[] }
  // what was signed
  | {
      readonly fact: 'targetMismatch';
      readonly member: 'mediaType' | 'digest' | 'size';
      readonly expected: string;
      readonly found: string;
    }
  | { readonly fact: 'metadataMismatch'; readonly key: string; readonly expected: string; readonly found?: string }
  // referrers and the whole verdict
  | { readonly fact: 'notSignature'; readonly reason: string }
  | { readonly fact: 'subjectMismatch'; readonly expected: string; readonly found?: string }
  | { readonly fact: 'noSignature'; readonly referrers: number }
  | { readonly fact: 'tooManySignatures'; readonly limit: number }
  | {
      readonly fact: 'signersMissing';
      readonly required: number;
      readonly found: number;
      readonly missing: readonly string[];
    };

/** Names of the facts. */
export type FactName = Fact['fact'];
