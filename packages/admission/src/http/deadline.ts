/** How long an answer may take. */
export interface DeadlineOptions {
  /** Longest time for a review, milliseconds. Default 9,500. */
  readonly timeoutMs?: number;
  /** What is kept back of the caller's own time-out for the way home, milliseconds. Default 500. */
  readonly marginMs?: number;
}

/** Milliseconds for a request: the API server says in `?timeout=10s` how long it waits. */
export function deadlineMs(url: URL, options: DeadlineOptions): number {
  const { timeoutMs = 9_500, marginMs = 500 } = options;
  const match = /^(\d{1,4})(ms|s|m)?$/.exec(url.searchParams.get('timeout') ?? '');
  if (match === null) return timeoutMs;
  const unit = match[2] === 'ms' ? 1 : match[2] === 'm' ? 60_000 : 1_000;
  const theirs = Number(match[1]) * unit;
  return Math.max(1, Math.min(timeoutMs, theirs - Math.min(marginMs, theirs / 2)));
}
