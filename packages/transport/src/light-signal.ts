/**
 * What our own transport takes in place of an `AbortSignal`: creating one of those for each request costs more than all else that the
 * client adds to a small request. One listener, no events.
 */
export class LightSignal {
  aborted = false;
  reason: unknown;
  listener: (() => void) | undefined;

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.listener?.();
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }
}

const understands = new WeakSet<object>();

/** Marks a transport that takes a {@link LightSignal}. */
export function takesLightSignals<T extends object>(transport: T): T {
  understands.add(transport);
  return transport;
}

/** Whether a transport takes a {@link LightSignal}. */
export function isLight(transport: object): boolean {
  return understands.has(transport);
}
