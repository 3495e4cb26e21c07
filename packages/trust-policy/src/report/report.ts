import type { VerdictName } from '@notarykit/common/internal';
import type { PolicyWarning } from '../document/policy.js';
import type { CertificateFact, Fact, RevocationAttempt } from '../facts.js';
import type { ValidationAction, ValidationActions, ValidationType } from '../levels.js';

/**
 * `passed`; `failed`: enforced, and refuses the signature; `logged`: failed, but the level only records it; `skipped`: the
 * level or statement says so, or there is nothing of the kind; `notRun`: an earlier failure ended the verification.
 */
export type ValidationResult = 'passed' | 'failed' | 'logged' | 'skipped' | 'notRun';

/** The five validations of the specification, and what is always enforced besides. */
export type ReportedValidation = ValidationType | 'plugin' | 'target' | 'userMetadata';

/** What a validation rested on. */
export type Evidence =
  | { readonly kind: 'trustAnchor'; readonly store: string; readonly certificate: CertificateFact }
  | { readonly kind: 'identity'; readonly identity: string; readonly subject: string }
  | {
      readonly kind: 'time';
      readonly time: string;
      readonly source: 'verification' | 'authenticSigningTime' | 'timestamp';
      readonly accuracySeconds?: number;
    }
  | { readonly kind: 'timestampAuthority'; readonly certificate: CertificateFact }
  | {
      readonly kind: 'revocation';
      readonly chain: 'signing' | 'timestamp';
      readonly certificate: CertificateFact;
      readonly status: 'good' | 'revoked' | 'unavailable' | 'notRevocable';
      readonly attempts: readonly RevocationAttempt[] /** Age of the answer that counts. */;
      readonly ageSeconds?: number;
    }
  | {
      readonly kind: 'plugin';
      readonly plugin: string;
      readonly version: string;
      readonly capabilities: readonly string[];
    }
  | { readonly kind: 'metadata'; readonly metadata: Readonly<Record<string, string>> };

/** One validation of one signature. */
export interface ValidationReport {
  readonly validation: ReportedValidation;
  readonly action: ValidationAction;
  readonly result: ValidationResult;
  /** One sentence, naming the certificate, date, attribute or scope. */
  readonly message: string;
  /** Why it failed; present when the result is `failed` or `logged`. */
  readonly fact?: Fact;
  /** What to do about it; present with `fact`. */
  readonly remedy?: string;
  readonly evidence: readonly Evidence[];
}

/** When a verdict would change by itself, and why. */
export interface ValidUntil {
  readonly time: string;
  readonly reason: 'signatureExpiry' | 'certificateExpiry' | 'revocationEvidence' | 'statementExpiry';
  /** The certificate that expires, or whose evidence does. */
  readonly certificate?: CertificateFact;
}

/** One signature. */
export interface SignatureReport {
  /** `failed` validations make it `refused`, or `undecided` where one of them could not be found out; `logged` ones do not. */
  readonly verdict: Exclude<VerdictName, 'skipped'>;
  /** Digest of the signature manifest, where there is one. */
  readonly manifest?: string;
  readonly mediaType: string;
  readonly scheme?: 'notary.x509' | 'notary.x509.signingAuthority';
  readonly signer?: CertificateFact;
  /** The signer's claim: shown, never trusted. */
  readonly claimedSigningTime?: string;
  readonly authenticSigningTime?: string;
  readonly expiry?: string;
  readonly signingAgent?: string;
  readonly validations: readonly ValidationReport[];
  /** Of a trusted signature; absent when nothing makes the verdict change with time alone. */
  readonly validUntil?: ValidUntil;
  /**
   * When only another signature helps, where `validUntil` is about revocation evidence: evidence can be had anew. Absent when the
   * signature does not end by itself.
   */
  readonly renewBy?: ValidUntil;
}

/** The statement that was applied, and why. */
export interface PolicyReport {
  readonly statement: string;
  readonly matchedBy: 'scope' | 'wildcard' | 'name' | 'global' | 'given';
  readonly matched: string;
  readonly level: string;
  readonly actions: ValidationActions;
  readonly verifyTimestamp: 'always' | 'afterCertExpiry';
  readonly trustStores: readonly string[];
  readonly trustedIdentities: readonly string[];
  /** Digest of the policy document. */
  readonly digest?: string;
  readonly warnings: readonly PolicyWarning[];
}

/** A referrer that was passed over. */
export interface IgnoredReferrer {
  readonly digest: string;
  readonly fact: Fact;
}

/** What was verified. */
export type ReportSubject =
  | {
      readonly kind: 'artifact';
      readonly repository: string;
      readonly mediaType: string;
      readonly digest: string;
      readonly size: number;
    }
  | { readonly kind: 'blob'; readonly digest?: string; readonly size?: number; readonly mediaType?: string };

/** A verdict with everything that led to it: plain JSON, described by the schema `trust-report.schema.json`. */
export interface TrustReport {
  readonly reportVersion: '2.0';
  /** Only `trusted` is a yes. */
  readonly verdict: VerdictName;
  readonly subject: ReportSubject;
  /** The time of the verification. */
  readonly now: string;
  /** The date as of which it was verified, when that is another. */
  readonly at?: string;
  readonly policy: PolicyReport;
  readonly signatures: readonly SignatureReport[];
  readonly ignored: readonly IgnoredReferrer[];
  /** Why the verdict is what it is, where no single signature tells. */
  readonly fact?: Fact;
  readonly remedy?: string;
  readonly validUntil?: ValidUntil;
}
