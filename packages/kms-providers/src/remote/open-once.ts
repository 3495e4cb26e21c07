import { type CallOptions, isTimeout, singleFlight, withDeadline } from '@notarykit/common/internal';
import { SignerError } from '@notarykit/signature-envelope/internal';

/** Something that is found once and then shared. */
export interface OpenOnce<T> {
  /**
   * Finds it, or gives what was found; a failure is not kept. Who gives up only stops waiting, and does not fail the others; when
   * the last one has given up, the search is aborted and forgotten.
   */
  get(options: CallOptions): Promise<T>;
  /** Lets the next call find it anew. */
  forget(): void;
}

/** How long a search may take. */
export interface OpenOnceOptions {
  /** Milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
}

/** Default limit of one look-up or signature, in milliseconds. */
const defaultTimeout = 60_000;

/**
 * Shares what a function finds among all who ask.
 *
 * @throws {SignerError} from `get`, reason `timeout`, when it takes too long, whether or not the function heeds its signal
 */
export function openOnce<T>(
  open: (call: Required<CallOptions>) => Promise<T>,
  { timeoutMs }: OpenOnceOptions = {},
): OpenOnce<T> {
  const share = singleFlight<T>();
  let found: { readonly value: T } | undefined;
  let round = 0;
  const search = async (signal: AbortSignal): Promise<T> => {
    const asked = round;
    const value = await timeLimited(timeoutMs, signal, (limited) => open({ signal: limited }));
    if (asked === round) found = { value };
    return value;
  };
  return {
    async get(call) {
      call.signal?.throwIfAborted();
      return found === undefined ? share(String(round), search, call) : found.value;
    },
    forget() {
      found = undefined;
      // A search under way is for those who asked before.
      round++;
    },
  };
}

/**
 * Work of a service with a limit in milliseconds: past it, it rejects with a `SignerError` of reason `timeout`.
 *
 * @throws {SignerError} reason `invalid-request` for a limit that is not a time
 */
export async function timeLimited<T>(
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = checkTimeout(timeoutMs);
  try {
    return await withDeadline(limit, signal, work);
  } catch (error) {
    if (!isTimeout(error) || signal?.aborted === true) throw error;
    throw new SignerError(`the service did not answer within ${limit} ms`, { reason: 'timeout' }, { cause: error });
  }
}

function checkTimeout(timeoutMs: number = defaultTimeout): number {
  if (typeof timeoutMs === 'number' && timeoutMs > 0) return timeoutMs;
  throw new SignerError(`timeoutMs: expected a number of milliseconds, found ${String(timeoutMs)}`, {
    reason: 'invalid-request',
  });
}
