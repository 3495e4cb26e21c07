import { sleep as pause } from './deadline.js';
import { quote } from './errors.js';

/** How often and after which delay a failed call is repeated. */
export interface RetryPolicy {
  /** Attempts besides the first. Default 3. */
  readonly retries?: number;
  /** Wait before the first retry, in milliseconds; it doubles up to 10 s, with full jitter. Default 200. */
  readonly delayMs?: number;
  /** The longest wait that a service may ask for (`retryAfterMs`), in milliseconds; a longer one ends the retries. Default 60,000. */
  readonly maxRetryAfterMs?: number;
  /** Waits; a test passes its own. Rejects with the signal's reason when it aborts. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** A number from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
}

const longestDelayMs = 10_000;

/**
 * A policy with its defaults. Numbers are checked: NaN would retry for ever.
 *
 * @param refuse makes the error for anything but a number from 0
 */
export function checkedRetries(policy: RetryPolicy, refuse: (message: string) => Error): Required<RetryPolicy> {
  const { retries = 3, delayMs = 200, maxRetryAfterMs = 60_000, sleep = pause, random = Math.random } = policy;
  for (const [name, value] of Object.entries({ retries, delayMs, maxRetryAfterMs }))
    if (typeof value !== 'number' || !(value >= 0))
      throw refuse(`${name}: expected a number from 0, found ${quote(value)}`);
  return { retries, delayMs, maxRetryAfterMs, sleep, random };
}

/** What is known of a failure: whether a retry may succeed, and how long the service asks to wait. */
export interface Failure {
  readonly retryable?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Does the work, again after failures that are retryable and not before the service allows it; rejects with the last failure. */
export async function withRetries<T>(
  work: () => Promise<T>,
  { retries, delayMs, maxRetryAfterMs, sleep, random }: Required<RetryPolicy>,
  failureOf: (error: unknown) => Failure,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await work();
    } catch (error) {
      const { retryable = false, retryAfterMs = 0 } = failureOf(error);
      // NaN and negative numbers are not a delay.
      const asked = retryAfterMs > 0 ? retryAfterMs : 0;
      if (tried >= retries || !retryable || asked > maxRetryAfterMs) throw error;
      await sleep(Math.max(asked, random() * Math.min(delayMs * 2 ** tried, longestDelayMs)), signal);
    }
  }
}
