import type { GateDecision } from './decision.js';
import { GateError } from './errors.js';
import { explainDecision } from './report/explain.js';

/**
 * Passes on a decision that allows, and whose proof covers every platform that it names: one without is refused, wherever it comes
 * from.
 *
 * @throws {GateError} `ERR_GATE_DENIED` with the decision as its detail, and the explanation as its message
 */
export function checkAllowed(decision: GateDecision): GateDecision & { readonly verdict: 'ALLOW' } {
  if (decision.verdict === 'ALLOW' && isProven(decision)) return decision;
  const unproven = decision.verdict === 'ALLOW' ? 'the decision says ALLOW without a proof: decide again\n' : '';
  throw new GateError<GateDecision>('ERR_GATE_DENIED', `${unproven}${explainDecision(decision)}`, { detail: decision });
}

/** A decision may have been stored, sent or made by others; its type says nothing there. */
function isProven({ proof, image }: GateDecision & { readonly verdict: 'ALLOW' }): boolean {
  const signed: readonly unknown[] | undefined = proof?.by === 'summary' ? proof.signatures : proof?.image;
  const proven = new Set(proof?.platforms?.map(({ platform }) => platform.digest));
  return (
    signed !== undefined &&
    signed.length > 0 &&
    proven.size > 0 &&
    image.platforms.every(({ digest }) => proven.has(digest))
  );
}
