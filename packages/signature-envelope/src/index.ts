export {
  algorithmOf,
  type JwsAlgorithm,
  type KeySpec,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithms.js';
export {
  type AttributeValue,
  type EnvelopeFormat,
  type ExtendedAttribute,
  envelopeMediaTypes,
  type SignedAttributes,
  type SigningScheme,
  type TargetArtifact,
  type UnsignedAttributes,
  type UnverifiedEnvelope,
  type VerifiedEnvelope,
} from './envelope.js';
export {
  EnvelopeError,
  type EnvelopeErrorCode,
  SignerError,
  type SignerErrorCode,
  type SignerErrorDetail,
  type SignerErrorReason,
} from './errors.js';
export type {
  EnvelopeSigner,
  EnvelopeSignRequest,
  EnvelopeSignResult,
  KeyDescription,
  Signer,
  SignRequest,
  SignResult,
} from './signer.js';
