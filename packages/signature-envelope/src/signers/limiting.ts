import { createLimiter, untilAborted } from '@notarykit/common/internal';
import { SignerError } from '../errors.js';
import type { Signer } from '../signer.js';

/** Options of {@link limiting}. */
export interface LimitOptions {
  /** How many signatures may be under way at once: a whole number from 1. */
  readonly concurrency: number;
}

/**
 * A signer that asks its service for so many signatures at once and lets the others wait, in the order they came. Key services
 * throttle callers with many concurrent requests; waiting here costs less than being refused there.
 *
 * @throws {SignerError} reason `invalid-request` for a concurrency that is not a whole number from 1
 *
 * @example
 * ```ts
 * const signer = limiting(awsKmsSigner({ client, keyId, certificateChain }), { concurrency: 10 });
 * ```
 */
export function limiting(signer: Signer, { concurrency }: LimitOptions): Signer {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new SignerError(`concurrency: expected a whole number from 1, found ${concurrency}`, {
      reason: 'invalid-request',
    });
  const limit = createLimiter(concurrency);
  return {
    describe: (options) => signer.describe(options),
    sign: (request) => {
      const turn = limit(async () => {
        // Who gave up while waiting costs no signature.
        request.signal?.throwIfAborted();
        return signer.sign(request);
      });
      return untilAborted(turn, request.signal);
    },
  };
}
