import { sleep as pause, quote } from '@notarykit/common';
import { SignerError } from '../errors.js';
import type { Signer } from '../signer.js';

/** How often and how patiently {@link retrying} asks again. */
export interface RetryPolicy {
  /** Attempts besides the first. Default 3. */
  readonly retries?: number;
  /** Wait before the first retry, in milliseconds; it doubles up to 10 s, with full jitter. Default 200. */
  readonly delayMs?: number;
  /** The longest wait that a service may ask for (`retryAfterMs`), in milliseconds; beyond it the failure is given at once. Default 60,000. */
  readonly maxRetryAfterMs?: number;
  /** Waits; a test passes its own. Rejects with the signal's reason when it aborts. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** A number from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
}

const longestDelayMs = 10_000;

/**
 * A signer that asks again after a failure that says it may pass (`retryable`), and after no other; not before the service wants it.
 *
 * @throws {SignerError} reason `invalid-request` for numbers of the policy that are none, or below 0: NaN would try for ever
 */
export function retrying(signer: Signer, policy: RetryPolicy = {}): Signer {
  const checked = checkedPolicy(policy);
  return {
    describe: (options) => attempt(() => signer.describe(options), checked, options?.signal),
    sign: (request) => attempt(() => signer.sign(request), checked, request.signal),
  };
}

function checkedPolicy(policy: RetryPolicy): Required<RetryPolicy> {
  const { retries = 3, delayMs = 200, maxRetryAfterMs = 60_000, sleep = pause, random = Math.random } = policy;
  for (const [name, value] of Object.entries({ retries, delayMs, maxRetryAfterMs }))
    if (typeof value !== 'number' || !(value >= 0))
      throw new SignerError(`${name}: expected a number from 0, found ${quote(value)}`, { reason: 'invalid-request' });
  return { retries, delayMs, maxRetryAfterMs, sleep, random };
}

async function attempt<T>(
  work: () => Promise<T>,
  { retries, delayMs, maxRetryAfterMs, sleep, random }: Required<RetryPolicy>,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await work();
    } catch (error) {
      const asked = askedWait(error);
      if (tried >= retries || !isRetryable(error) || asked > maxRetryAfterMs) throw error;
      await sleep(Math.max(asked, random() * Math.min(delayMs * 2 ** tried, longestDelayMs)), signal);
    }
  }
}

/** What the service asked for; nothing where it said nothing that can be waited for. */
function askedWait(error: unknown): number {
  const { retryAfterMs } = (error as Partial<SignerError>)?.detail ?? {};
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : 0;
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && (error as SignerError).retryable === true;
}
