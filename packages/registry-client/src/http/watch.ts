import { LightSignal } from '@notarykit/transport/internal';

/**
 * Watches one exchange: passes the caller's abort on and aborts by itself after a silence. Cheap per chunk: `touch` only notes
 * the time, the one timer looks at it.
 */
export interface Watch {
  readonly signal: AbortSignal;
  /** The time-out that fired, in words, if one did. */
  readonly expired: string | undefined;
  /** The result of work; it rejects when the watch aborts, even if the work takes no notice. One work at a time. */
  until<T>(work: Promise<T>): Promise<T>;
  /** Starts to count silence; `what` is said in the error. Gives the time of `performance.now()`. */
  arm(idleMs: number, what: string): number;
  /** Something arrived. */
  touch(): void;
  /** Stops counting: no read is waiting. Gives the time as {@link arm} does. */
  disarm(): number;
  /** Ends the watch; the caller's signal is let go. */
  stop(): void;
}

/** Begins a watch; throws the signal's reason when it is aborted already. One timer looks at both limits. */
export function startWatch(caller: AbortSignal | undefined, light: boolean, totalMs: number): Watch {
  caller?.throwIfAborted();
  return new SilenceWatch(caller, light, totalMs);
}

/** Longest time that a timer can take, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** A class, for it is made for every request: an object literal with an accessor would get its own shape each time. */
class SilenceWatch implements Watch {
  readonly signal: AbortSignal;
  expired: string | undefined;
  readonly #stop: (reason: unknown) => void;
  #reject: ((reason: unknown) => void) | undefined;
  readonly #caller: AbortSignal | undefined;
  readonly #forward: (() => void) | undefined;
  readonly #totalMs: number;
  readonly #end: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #touched = 0;
  #idle = 0;
  #silence = '';

  constructor(caller: AbortSignal | undefined, light: boolean, totalMs: number) {
    const { signal, abort } = light ? lightSignal() : platformSignal();
    this.signal = signal;
    this.#stop = abort;
    this.#caller = caller;
    this.#totalMs = totalMs;
    this.#end = performance.now() + totalMs;
    if (caller === undefined) return;
    this.#forward = () => this.#abort(caller.reason);
    caller.addEventListener('abort', this.#forward, { once: true });
  }

  until<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject;
      work.then(resolve, reject);
    });
  }

  arm(idleMs: number, what: string): number {
    this.#touched = performance.now();
    this.#idle = idleMs;
    this.#silence = what;
    this.#wait();
    return this.#touched;
  }

  touch(): void {
    this.#touched = performance.now();
  }

  disarm(): number {
    this.#idle = 0;
    return performance.now();
  }

  stop(): void {
    this.#idle = 0;
    clearTimeout(this.#timer);
    if (this.#forward !== undefined) this.#caller?.removeEventListener('abort', this.#forward);
  }

  #limit(): number {
    return Math.min(this.#end, this.#idle === 0 ? Number.POSITIVE_INFINITY : this.#touched + this.#idle);
  }

  #wait(): void {
    const at = this.#limit();
    // A timer that fires early enough is left alone: most reads are answered at once.
    if (at >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = at;
    this.#timer = setTimeout(() => this.#onTimer(), Math.min(longestTimer, Math.max(0, at - performance.now())));
  }

  #onTimer(): void {
    this.#due = Number.POSITIVE_INFINITY;
    const now = performance.now();
    if (this.#limit() > now) {
      if (this.#limit() < Number.POSITIVE_INFINITY) this.#wait();
      return;
    }
    this.expired =
      now >= this.#end
        ? `the answer was not complete within ${this.#totalMs} ms`
        : `${this.#silence} within ${this.#idle} ms`;
    this.#abort(new Error(this.expired));
  }

  #abort(reason: unknown): void {
    this.#stop(reason);
    this.#reject?.(reason);
  }
}

function platformSignal(): { signal: AbortSignal; abort: (reason: unknown) => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}

function lightSignal(): { signal: AbortSignal; abort: (reason: unknown) => void } {
  const signal = new LightSignal();
  // Passed only to our own transport, which supports it.
  return { signal: signal as unknown as AbortSignal, abort: (reason) => signal.abort(reason) };
}
