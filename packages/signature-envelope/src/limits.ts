/** Bounds of an envelope. Nothing in an input can lift them; the caller may. */
export interface EnvelopeLimits {
  /** Bytes of the whole envelope. Default 4 MiB. */
  readonly envelopeSize?: number;
  /** Certificates in the chain. Default 10. */
  readonly certificates?: number;
  /** Bytes of one certificate. Default 64 KiB. */
  readonly certificateSize?: number;
  /** Bytes of the timestamp token. Default 256 KiB. */
  readonly timestampSize?: number;
  /** Extended attributes. Default 64. */
  readonly extendedAttributes?: number;
}

/** Every limit, with its default filled in. */
export type ResolvedLimits = Required<EnvelopeLimits>;

const defaults: ResolvedLimits = {
  envelopeSize: 4 * 1024 * 1024,
  certificates: 10,
  certificateSize: 64 * 1024,
  timestampSize: 256 * 1024,
  extendedAttributes: 64,
};

export function resolveLimits(limits: EnvelopeLimits | undefined): ResolvedLimits {
  return limits === undefined ? defaults : { ...defaults, ...limits };
}
