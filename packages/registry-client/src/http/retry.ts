import { sleep } from '@notarykit/common/internal';
import { OciError } from '@notarykit/oci/internal';
import { RegistryError } from '../errors.js';
import type { RegistryRequest, Send } from './message.js';

/** How often and how long failed requests are tried again. */
export interface RetryOptions {
  /** Tries after the first. Default 5. */
  readonly maxRetries?: number;
  /** First pause in milliseconds; it doubles each time, with full jitter. Default 250. */
  readonly baseMs?: number;
  /** Longest pause of our own. Default 10,000. */
  readonly maxMs?: number;
  /** The longest `Retry-After` that is waited for; beyond it the request fails at once. Default 60,000. */
  readonly maxRetryAfterMs?: number;
  /** All pauses of one request together. Default 120,000. */
  readonly budgetMs?: number;
  /** Waits; replaced in tests. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What the retry stage reports about each pause. */
export interface RetryEvent {
  readonly request: RegistryRequest;
  readonly error: RegistryError | OciError;
  readonly waitMs: number;
}

/** Defaults of {@link RetryOptions} (threats B2). */
export function retryDefaults(options: RetryOptions = {}): Required<RetryOptions> {
  return {
    maxRetries: options.maxRetries ?? 5,
    baseMs: options.baseMs ?? 250,
    maxMs: options.maxMs ?? 10_000,
    maxRetryAfterMs: options.maxRetryAfterMs ?? 60_000,
    budgetMs: options.budgetMs ?? 120_000,
    sleep: options.sleep ?? sleep,
  };
}

/** The pause before the next try, `undefined` to give up: over the cap we fail with the wait in the error instead of asking early. */
export function nextPause(
  options: Required<RetryOptions>,
  attempt: number,
  spentMs: number,
  error: unknown,
): number | undefined {
  const { detail } = error as { detail?: { retryable?: boolean; retryAfterMs?: number; status?: number } };
  if (attempt >= options.maxRetries || detail?.retryable !== true) return undefined;
  const asked = detail.status === 429 || detail.status === 503 ? detail.retryAfterMs : undefined;
  if (asked !== undefined && asked > options.maxRetryAfterMs) return undefined;
  const own = Math.random() * Math.min(options.maxMs, options.baseMs * 2 ** attempt);
  const wait = asked ?? own;
  return spentMs + wait > options.budgetMs ? undefined : wait;
}

/** Errors that were tried to the end already: a token that cannot be obtained is not requested again by the request that needs it. */
const exhausted = new WeakSet<Error>();

/** Whether an error is what was left after the last try; starting over then multiplies the tries. */
export function isExhausted(error: unknown): boolean {
  return error instanceof Error && exhausted.has(error);
}

/** Tries again what may succeed later. One 429 slows every request of the endpoint: `pause` is shared. */
export function withRetry(send: Send, options: Required<RetryOptions>, onRetry: (event: RetryEvent) => void): Send {
  let notBefore = 0;
  return async (request) => {
    let spent = 0;
    for (let attempt = 0; ; attempt++) {
      const hold = notBefore === 0 ? 0 : notBefore - performance.now();
      if (hold > 0) await options.sleep(hold, request.signal);
      try {
        return await send(request);
      } catch (error) {
        if (!(error instanceof RegistryError || error instanceof OciError)) throw error;
        const replayable = request.retry !== false && request.body?.replayable !== false;
        const wait = replayable && !exhausted.has(error) ? nextPause(options, attempt, spent, error) : undefined;
        if (wait === undefined) {
          if (replayable) exhausted.add(error);
          throw error;
        }
        if ((error.detail as { status?: number } | undefined)?.status === 429) notBefore = performance.now() + wait;
        onRetry({ request, error, waitMs: wait });
        spent += wait;
        await options.sleep(wait, request.signal);
      }
    }
  };
}
