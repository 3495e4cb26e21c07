import type { CallOptions } from '@notarykit/common/internal';
import type { TrustStore } from '../trust-store.js';

/** A kind of finding. */
export type LintRule =
  /** The statement trusts more than it seems to say. */
  | 'widening'
  /** Two statements, or a statement and a wildcard, say different things of what looks alike. */
  | 'overlapping'
  /** A part of the statement never has an effect. */
  | 'unreachable'
  /** A trust store cannot be used. */
  | 'unusable'
  /** A trust anchor has expired, or will soon. */
  | 'expired'
  /** A member without a meaning. */
  | 'unknownMember';

/** Something in a policy worth a look. */
export interface LintFinding {
  readonly rule: LintRule;
  readonly severity: 'error' | 'warning' | 'note';
  readonly statement?: string;
  /** For example `trustStores[1]`. */
  readonly member: string;
  readonly message: string;
  readonly remedy: string;
}

/** Options of {@link lintTrustPolicy}. */
export interface LintOptions extends CallOptions {
  /** When given, its stores are read and their certificates looked at. */
  readonly trustStore?: TrustStore;
  readonly now?: Date;
  /** Anchors that end within so many days are noted. Default 30. */
  readonly soonDays?: number;
}
