import { defined, isCodedError } from '@notarykit/common/internal';
import { checkAllowed } from '@notarykit/sbom-gate/internal/core';
import { checkTrusted } from '@notarykit/trust-policy/internal';
import { checkSigned } from './decide-trusted.js';
import type { KeptVerdict } from './stored.js';
import type { Verdict } from './verdict.js';

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
  const until = defined({ validUntil });
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
