import type { CallOptions } from '@notarykit/common/internal';
import type { Certificate } from '../x509/certificate.js';

/** What is known of one certificate's revocation. */
export type RevocationStatus = 'good' | 'revoked' | 'unavailable' | 'notRevocable';

/** Where an answer came from. */
export interface RevocationEvidence {
  readonly method: 'ocsp' | 'crl';
  readonly url?: string;
  readonly outcome: 'good' | 'revoked' | 'unavailable';
  /** Why the source gave no answer, or the reason of a revocation. */
  readonly reason?: string;
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
  readonly revokedAt?: Date;
  readonly invalidityDate?: Date;
  readonly error?: unknown;
}

/** Revocation of one certificate of a chain: `unavailable` is never `good` (no answer is not an answer). */
export interface CertificateStatus {
  readonly certificate: Certificate;
  readonly status: RevocationStatus;
  readonly evidence: readonly RevocationEvidence[];
}

/** Options of {@link RevocationChecker.check}. */
export interface RevocationCheckOptions extends CallOptions {
  /** The time of the check, whole seconds. Default now. */
  readonly now?: Date;
  /**
   * A time at which the signature is *known* to have existed as signed (signing authority only): a certificate whose
   * invalidity date is later counts as not revoked.
   */
  readonly authenticSigningTime?: Date;
}

/** Asks whether certificates of a chain are revoked. The chain is leaf first, root last; the root is never asked about. */
export interface RevocationChecker {
  /**
   * What answers count for this checker: two of one identity give the same status for the same answers. Verdicts that a checker without
   * one had a part in are never remembered.
   */
  readonly identity?: string;
  check(chain: readonly Certificate[], options?: RevocationCheckOptions): Promise<readonly CertificateStatus[]>;
}
