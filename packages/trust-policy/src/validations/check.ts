import type { CallOptions } from '@notarykit/common/internal';
import type { Certificate, RevocationChecker } from '@notarykit/pki/internal/core';
import type { AuthorityRules, VerifiedEnvelope } from '@notarykit/signature-envelope/internal';
import type { TrustStatement } from '../document/policy.js';
import type { Fact } from '../facts.js';
import type { Evidence, ValidUntil } from '../report/report.js';
import type { TrustStore } from '../trust-store.js';

/** What every validation is given. */
export interface Context extends CallOptions {
  readonly envelope: VerifiedEnvelope;
  readonly statement: TrustStatement;
  readonly trustStore: TrustStore;
  readonly revocation: RevocationChecker | undefined;
  /** The one time of the verification, whole seconds: now, or the date as of which is verified. */
  readonly time: Date;
  /** What is asked of the authorities of every chain, that of the signer and that of a timestamp. */
  readonly authorities: AuthorityRules;
}

/** What a validation found: with a `fact` it failed; its action decides what that does. */
export interface Check {
  readonly fact?: Fact;
  /** There was nothing to validate, and why. */
  readonly skipped?: string;
  readonly message?: string;
  readonly evidence?: readonly Evidence[];
  /** When what was found stops to hold. */
  readonly until?: readonly Until[];
}

/** A moment at which a finding stops to hold. */
export interface Until {
  readonly time: Date;
  readonly reason: ValidUntil['reason'];
  readonly certificate?: Certificate;
}

/** A failed check. */
export function failed(fact: Fact, evidence: readonly Evidence[] = []): Check {
  return { fact, evidence };
}
