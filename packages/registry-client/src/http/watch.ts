/**
 * Watches one exchange: passes the caller's abort on and aborts by itself after a silence. Cheap per chunk: `touch` only notes
 * the time, the one timer looks at it.
 */
export interface Watch {
  readonly signal: AbortSignal;
  /** The time-out that fired, in words, if one did. */
  readonly expired: string | undefined;
  /** Starts to count silence; `what` is said in the error. */
  arm(idleMs: number, what: string): void;
  /** Something arrived. */
  touch(): void;
  /** Stops counting: nobody is waiting. */
  disarm(): void;
  /** Ends the watch; the caller's signal is let go. */
  stop(): void;
}

/** Begins a watch; throws the signal's reason when it is aborted already. */
export function startWatch(caller: AbortSignal | undefined, totalMs?: number): Watch {
  caller?.throwIfAborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let touched = 0;
  let due = 0;
  let idle = 0;
  let silence = '';
  let expired: string | undefined;

  const forward = (): void => controller.abort(caller?.reason);
  caller?.addEventListener('abort', forward, { once: true });
  const expire = (what: string): void => {
    expired = what;
    controller.abort(new Error(what));
  };
  const total =
    totalMs === undefined ? undefined : setTimeout(() => expire(`no whole answer within ${totalMs} ms`), totalMs);
  const look = (): void => {
    const left = touched + idle - Date.now();
    timer = undefined;
    if (idle === 0) return;
    if (left <= 0) expire(`${silence} within ${idle} ms`);
    else wait(left);
  };
  const wait = (ms: number): void => {
    clearTimeout(timer);
    due = Date.now() + ms;
    timer = setTimeout(look, ms);
  };
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    arm(idleMs, what) {
      touched = Date.now();
      idle = idleMs;
      silence = what;
      // A timer that fires early enough is left alone: most reads are answered at once.
      if (timer === undefined || due > touched + idleMs) wait(idleMs);
    },
    touch() {
      touched = Date.now();
    },
    disarm() {
      idle = 0;
    },
    stop() {
      idle = 0;
      clearTimeout(timer);
      clearTimeout(total);
      caller?.removeEventListener('abort', forward);
    },
  };
}
