// What the packages of this repository use of this one. No promise: names come, change and go in any release.
export {
  algorithmOf,
  type JwsAlgorithm,
  type KeySpec,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithms.js';
export { type BlobContent, blobSignatureFileName, checkBlob, describeBlob, formatOfSignatureFile } from './blob.js';
export {
  type AuthorityRules,
  authorityRules,
  checkCodeSigningChain,
  checkTimestampingChain,
} from './certificate-requirements/chain.js';
export { unreadableOf } from './certificate-requirements/readable.js';
export { type CountersignOptions, countersign } from './countersign.js';
export { checkCriticalAttributes } from './critical.js';
export { type DecodeEnvelopeOptions, decodeEnvelope } from './decode.js';
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
  isSignerErrorReason,
  SignerError,
  type SignerErrorCode,
  type SignerErrorDetail,
  type SignerErrorReason,
} from './errors.js';
export {
  type EnvelopeInspection,
  type InspectedCertificate,
  type InspectedTimestamp,
  inspectEnvelope,
} from './inspect.js';
export { type VerifyIntegrityOptions, verifyIntegrity } from './integrity.js';
export { keySpecOf } from './keys.js';
export {
  isSignatureKind,
  type SignatureKind,
  type SigningClaims,
  signatureKindKey,
  signatureKinds,
  signedMetadata,
} from './kind.js';
export type { EnvelopeLimits } from './limits.js';
export { decodePayload, type EncodePayloadOptions, encodePayload, payloadMediaType } from './payload.js';
export { type SignedEnvelope, signEnvelope } from './sign.js';
export type { SignEnvelopeOptions } from './sign-options.js';
export {
  type BuildSignatureManifestOptions,
  type BuiltSignatureManifest,
  buildSignatureManifest,
  type ManifestContent,
  type ParseSignatureManifestOptions,
  parseSignatureManifest,
  type SignatureManifest,
  type SignatureManifestForm,
  signatureArtifactType,
} from './signature-manifest.js';
export type {
  EnvelopeSigner,
  EnvelopeSignRequest,
  EnvelopeSignResult,
  KeyDescription,
  Signer,
  SignRequest,
  SignResult,
} from './signer.js';
export { askSigner } from './signers/ask-signer.js';
export { checkedSigner } from './signers/checked-signer.js';
export { diagnoseSignature, isNotarySignature, saltLengthOf } from './signers/diagnose.js';
export { ecdsaDerToP1363, ecdsaP1363ToDer } from './signers/ecdsa-encoding.js';
export { fromDigestSigner, fromPayloadSigner, type SignFunction } from './signers/from-function.js';
export { digestOfRequest } from './signers/hash-payload.js';
export { type LimitOptions, limiting } from './signers/limiting.js';
export { orderChain } from './signers/order-chain.js';
export { retrying } from './signers/retrying.js';
export { verifyEnvelopeTimestamp } from './verify-timestamp.js';
