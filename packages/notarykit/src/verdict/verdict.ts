import { isCodedError } from '@notarykit/common';
import { checkAllowed, type GateDecision } from '@notarykit/sbom-gate/core';
import { checkTrusted, type TrustDecision } from '@notarykit/trust-policy';
import { checkSigned } from './decide-trusted.js';
import type { VerdictSubject } from './request.js';
import type { KeptVerdict } from './stored.js';

/** What was decided about an artifact. */
export interface Verdict {
  /** `undecided`: something could not be found out. It refuses, and is never remembered. */
  readonly verdict: 'trusted' | 'skipped' | 'refused' | 'undecided';
  readonly subject: VerdictSubject;
  /** On the manifests of an index, in its order, where they were asked for; it ends with the first that is not trusted. */
  readonly manifests: readonly TrustDecision[];
  /** On the artifact itself; absent where only its manifests count, or only a gate. */
  readonly own?: TrustDecision;
  /** The decision on signatures that refuses. */
  readonly refusedBy?: TrustDecision;
  readonly gate?: GateDecision;
  /** When the verdict would change by itself. */
  readonly validUntil?: Date | undefined;
}

/**
 * Passes on a verdict that is `trusted` or `skipped`.
 *
 * @throws {TrustError}, {GateError} for any other
 */
export function checkVerdict(verdict: Verdict): Verdict {
  if (verdict.refusedBy !== undefined) checkTrusted(verdict.refusedBy);
  if (verdict.gate !== undefined) checkAllowed(verdict.gate);
  return checkSigned(verdict);
}

/** What is remembered of a verdict, and the decision of the gate, which is not: of a refusal its error. */
export function keptOf(verdict: Verdict): KeptVerdict {
  const { validUntil } = verdict;
  const until = validUntil === undefined ? {} : { validUntil };
  const report = (verdict.refusedBy ?? verdict.own ?? verdict.manifests[0])?.report;
  const rest = { ...(report && { report }), ...(verdict.gate && { decision: verdict.gate }), ...until };
  try {
    checkVerdict(verdict);
    return { verdict: verdict.verdict, ...rest };
  } catch (error) {
    if (!isCodedError(error)) throw error;
    const refused = verdict.verdict === 'undecided' ? 'undecided' : 'refused';
    return { verdict: refused, code: error.code, message: error.message, ...rest };
  }
}
