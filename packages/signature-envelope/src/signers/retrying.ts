import { checkedRetries, type Failure, type RetryPolicy, withRetries } from '@notarykit/common/internal';
import { SignerError } from '../errors.js';
import type { Signer } from '../signer.js';

export type { RetryPolicy };

/**
 * A signer that asks again after a failure that says it may pass (`retryable`), and after no other; not before the service wants it.
 *
 * @throws {SignerError} reason `invalid-request` for invalid numbers of the policy, or numbers below 0: NaN would try for ever
 */
export function retrying(signer: Signer, policy: RetryPolicy = {}): Signer {
  const checked = checkedRetries(policy, (message) => new SignerError(message, { reason: 'invalid-request' }));
  return {
    describe: (options) => withRetries(() => signer.describe(options), checked, failureOf, options?.signal),
    sign: (request) => withRetries(() => signer.sign(request), checked, failureOf, request.signal),
  };
}

/** By members, not by class: the error may be of another copy of this package. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return {};
  const { retryable, detail } = error as Partial<SignerError>;
  const { retryAfterMs } = detail ?? {};
  return { retryable: retryable === true, ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}) };
}
