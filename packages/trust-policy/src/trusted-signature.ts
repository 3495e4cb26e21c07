import type { Descriptor } from '@notarykit/oci/internal';
import type { VerifiedEnvelope } from '@notarykit/signature-envelope/internal';
import type { SignatureOutcome } from './verify-signature.js';

/** A signature that made an artifact trusted. */
export interface TrustedSignature extends SignatureOutcome {
  readonly trusted: true;
  readonly envelope: VerifiedEnvelope;
  /** The signature manifest. */
  readonly manifest: Descriptor;
}
