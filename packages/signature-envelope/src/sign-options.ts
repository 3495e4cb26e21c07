import type { CallOptions } from '@notarykit/common/internal';
import type { Timestamper } from '@notarykit/pki/internal/core';
import type { AuthorityRules } from './certificate-requirements/chain.js';
import type { CountersignOptions } from './countersign.js';
import type { EnvelopeFormat, ExtendedAttribute, SigningScheme } from './envelope.js';
import type { SigningClaims } from './kind.js';
import type { EnvelopeSigner, Signer } from './signer.js';

/** Options of {@link signEnvelope}. */
export interface SignEnvelopeOptions extends CallOptions, AuthorityRules, SigningClaims {
  readonly signer: Signer | EnvelopeSigner;
  /** Default `jws`. */
  readonly format?: EnvelopeFormat;
  /** The signing time; cut to whole seconds. Default now. */
  readonly now?: Date;
  /** From when on the artifact should no longer be used; whole seconds, after `now`. */
  readonly expiry?: Date;
  /** Default `notary.x509`; the other one is for services that vouch for the signing time. */
  readonly scheme?: SigningScheme;
  readonly extendedAttributes?: readonly ExtendedAttribute[];
  /** The plugin that a verifier must run, and the oldest version of it that will do (SemVer). */
  readonly verificationPlugin?: string;
  readonly verificationPluginMinVersion?: string;
  /** What made the signature, for people. Default `notarykit/<version>`. */
  readonly signingAgent?: string;
  /** Adds an RFC 3161 countersignature; needs `timestampRoots`. Scheme `notary.x509` only. */
  readonly timestamper?: Timestamper;
  /** The roots that the timestamping authority must chain to. */
  readonly timestampRoots?: CountersignOptions['roots'];
  /** Asks whether a certificate of the timestamping authority is revoked. */
  readonly timestampRevocation?: CountersignOptions['revocation'];
}
