import { CodedError } from '@notarykit/common/internal';
import type { TrustReport } from './report/report.js';

/** Codes of {@link TrustError}. */
export type TrustErrorCode =
  | 'ERR_TRUST_POLICY'
  | 'ERR_TRUST_STORE'
  | 'ERR_TRUST_NO_STATEMENT'
  | 'ERR_TRUST_NO_SIGNATURE'
  | 'ERR_TRUST_TOO_MANY_SIGNATURES'
  | 'ERR_TRUST_NOT_VERIFIED';

/** The rule of a policy document that is broken. */
export type PolicyRule =
  | 'json'
  | 'kind'
  | 'limit'
  | 'member'
  | 'type'
  | 'version'
  | 'statements'
  | 'name'
  | 'duplicateName'
  | 'level'
  | 'override'
  | 'verifyTimestamp'
  | 'listsRequired'
  | 'listsForbidden'
  | 'trustStore'
  | 'identity'
  | 'identityWildcard'
  | 'identityOverlap'
  | 'scopes'
  | 'scopeFormat'
  | 'scopeWildcard'
  | 'duplicateScope'
  | 'skipEverything'
  | 'globalPolicy'
  | 'signers';

/** Facts of a {@link TrustError}. */
export interface TrustErrorDetail {
  /** The whole verdict, for {@link explain}: with `ERR_TRUST_NOT_VERIFIED`, `_NO_SIGNATURE`, `_TOO_MANY_SIGNATURES`. */
  readonly report?: TrustReport;
  /** `ERR_TRUST_POLICY`: the rule that is broken. */
  readonly rule?: PolicyRule;
  /** Name of the policy statement. */
  readonly statement?: string;
  /** Member of the document, for example `trustedIdentities[1]`. */
  readonly member?: string;
  /** `ERR_TRUST_STORE`: the store, `type:name`. */
  readonly store?: string;
  /** `ERR_TRUST_STORE`: the file in the store. */
  readonly file?: string;
  /** `ERR_TRUST_NO_STATEMENT`: the repository or blob policy that was asked for. */
  readonly subject?: string;
}

const isVerdict: Readonly<Record<TrustErrorCode, boolean>> = {
  ERR_TRUST_POLICY: false,
  ERR_TRUST_STORE: false,
  ERR_TRUST_NO_STATEMENT: true,
  ERR_TRUST_NO_SIGNATURE: true,
  ERR_TRUST_TOO_MANY_SIGNATURES: true,
  ERR_TRUST_NOT_VERIFIED: true,
};

/** A policy or trust store is wrong, no statement applies, or no signature is trusted. */
export class TrustError extends CodedError<TrustErrorCode, TrustErrorDetail> {
  /** The report of the verdict, where the error is one about signatures. */
  get report(): TrustReport | undefined {
    return this.detail?.report;
  }

  /** Whether signatures were judged, or a policy that was read has no statement: not where policy or trust store cannot be used. */
  get isVerdict(): boolean {
    return isVerdict[this.code];
  }
}
