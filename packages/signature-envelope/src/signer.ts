import type { CallOptions } from '@notarykit/common/internal';
import type { KeySpec } from './algorithms.js';

/** What a signer says of its key before it signs. */
export interface KeyDescription {
  readonly keySpec: KeySpec;
  /** Resolved, versioned and not secret: for logs and errors. */
  readonly keyId?: string;
  /** DER, leaf first, root last; when it is known already. */
  readonly certificateChain?: readonly Uint8Array[];
}

/** What to sign. */
export interface SignRequest extends CallOptions {
  /** The bytes to sign, not hashed. */
  readonly payload: Uint8Array;
  /** The key spec that `describe` gave: it is in the header by now. */
  readonly keySpec: KeySpec;
}

/** A signature and its chain, of one and the same key. */
export interface SignResult {
  /** EC: r and s, each as long as the field. RSA: RSASSA-PSS, MGF1 with the same hash, salt as long as the hash. */
  readonly signature: Uint8Array;
  /** DER, leaf first, root last. */
  readonly certificateChain: readonly Uint8Array[];
}

/**
 * The whole contract of a custom signer. The SDK checks the chain before it asks for a signature and verifies the
 * signature with the leaf's key afterwards, so that a faulty signer fails here and not at the verifier.
 */
export interface Signer {
  /** The key's spec; must not sign, and must be stable. */
  describe(options?: CallOptions): Promise<KeyDescription>;
  /** Signs; rejects with a `SignerError`. */
  sign(request: SignRequest): Promise<SignResult>;
}

/** A service that makes whole envelopes itself (notation plugins with `SIGNATURE_GENERATOR.ENVELOPE`). */
export interface EnvelopeSigner {
  signEnvelope(request: EnvelopeSignRequest): Promise<EnvelopeSignResult>;
}

/** What an {@link EnvelopeSigner} is asked for. */
export interface EnvelopeSignRequest extends CallOptions {
  readonly payload: Uint8Array;
  readonly payloadType: string;
  readonly envelopeType: string;
  readonly expirySeconds?: number;
}

/** What an {@link EnvelopeSigner} gives back. */
export interface EnvelopeSignResult {
  readonly envelope: Uint8Array;
  readonly annotations?: Readonly<Record<string, string>>;
}
