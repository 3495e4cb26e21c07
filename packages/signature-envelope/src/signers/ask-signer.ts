import { isCodedError, shorten } from '@notarykit/common/internal';
import { SignerError } from '../errors.js';
import type { Signer } from '../signer.js';

/**
 * What a signer of the caller's gives. Coded errors and the reason of an abort pass as they are; anything else that it throws is the
 * cause of a {@link SignerError}.
 *
 * @throws {SignerError} reason `unknown`
 */
export async function askSigner<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (isOurs(cause) || (signal?.aborted === true && cause === signal.reason)) throw cause;
    const said = cause instanceof Error ? String(cause.message) : typeof cause;
    throw new SignerError(`the signer failed: ${shorten(said)}`, { reason: 'unknown' }, { cause });
  }
}

/** Node's own errors have codes of the same form, but no `detail`. */
const isOurs = (error: unknown): boolean => isCodedError(error) && 'detail' in error;

/** A signer whose failures all have a code. @internal */
export const codedSigner = (signer: Signer): Signer => ({
  describe: (call) => askSigner(async () => await signer.describe(call), call?.signal),
  sign: (request) => askSigner(async () => await signer.sign(request), request.signal),
});
