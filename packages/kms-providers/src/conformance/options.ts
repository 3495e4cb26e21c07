import type { KeySpec, Signer } from '@notarykit/signature-envelope/internal';

/** Makes a signer. */
export type SignerFactory = () => Signer | Promise<Signer>;

/** A signer that must fail. */
export interface SignerFault {
  readonly name: string;
  readonly create: SignerFactory;
  /** The reason that its `SignerError` must have. */
  readonly reason: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
}

/** A key that is rotated while a signer uses it. */
export interface SignerRotation {
  readonly create: SignerFactory;
  /** Makes another version of the key current, with its own certificate. */
  readonly rotate: () => void | Promise<void>;
}

/** Options of {@link signerConformance}. */
export interface SignerConformanceOptions {
  /** The runner's `test` (vitest, node:test, jest …). */
  readonly test: (name: string, body: () => Promise<void>) => unknown;
  /** Makes the signer, for every case anew. */
  readonly create: SignerFactory;
  /** The key spec that the signer must have. */
  readonly keySpec: KeySpec;
  /** Signatures in the case that looks for lost leading zeros. Default 600 for EC keys, 4 for RSA; a slow service takes fewer. */
  readonly signatures?: number;
  /** How many signatures the service behind the signer has made so far: `describe` must make none. */
  readonly signed?: () => number;
  /** DER of the root that the chain must end in. */
  readonly trustedRoot?: Uint8Array;
  /** Texts that may show up nowhere: PIN, token, pass phrase, a line of the private key. */
  readonly secrets?: readonly string[];
  /** A key with which rotation can be tried. */
  readonly rotation?: SignerRotation;
  /** Signers that must fail, each with the reason that it must give. */
  readonly faults?: readonly SignerFault[];
}
