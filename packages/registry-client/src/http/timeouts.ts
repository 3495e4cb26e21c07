/** Time-outs of an endpoint, in milliseconds. */
export interface Timeouts {
  /** From the request (or the last byte uploaded) to the headers of the answer. Default 30,000. */
  readonly headersMs?: number;
  /** Silence while a body is awaited. Default 30,000. */
  readonly idleMs?: number;
  /** The whole of a small request, and of the body of a blob up to 4 MiB, however often it is resumed. Default 60,000. */
  readonly metadataMs?: number;
  /** What a larger blob must bring, in bytes for each second of waiting; measured over `minRateOverMs`. Default 1,024. */
  readonly minBytesPerSecond?: number;
  /** Default 60,000. */
  readonly minRateOverMs?: number;
}

/** Time-outs with their defaults. */
export function timeoutDefaults(timeouts: Timeouts = {}): Required<Timeouts> {
  return {
    headersMs: timeouts.headersMs ?? 30_000,
    idleMs: timeouts.idleMs ?? 30_000,
    metadataMs: timeouts.metadataMs ?? 60_000,
    minBytesPerSecond: timeouts.minBytesPerSecond ?? 1024,
    minRateOverMs: timeouts.minRateOverMs ?? 60_000,
  };
}
