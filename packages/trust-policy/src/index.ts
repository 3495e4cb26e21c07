export { type ParsePolicyOptions, parseBlobTrustPolicy, parseTrustPolicy } from './document/parse.js';
export type {
  BlobTrustPolicy,
  BlobTrustStatement,
  OciTrustStatement,
  Policy,
  PolicyWarning,
  TrustedIdentity,
  TrustPolicy,
  TrustStatement,
  TrustStoreReference,
  VerifyTimestamp,
} from './document/policy.js';
export { isRegistryScope } from './document/scopes.js';
export { type PolicyRule, TrustError, type TrustErrorCode, type TrustErrorDetail } from './errors.js';
export { explain } from './explain.js';
export { matchIdentities } from './identities/match.js';
export {
  type ValidationAction,
  type ValidationActions,
  type ValidationType,
  type VerificationLevel,
  type VerificationLevelName,
  validationTypes,
  verificationLevels,
} from './levels.js';
export type {
  PluginCapability,
  PluginDescription,
  PluginRequest,
  PluginResponse,
  VerificationPlugin,
} from './plugins/plugin.js';
export type {
  CertificateFact,
  Fact,
  FactName,
  IdentityComparison,
  RevocationAttempt,
  TimeSource,
  ValidityFact,
} from './report/facts.js';
export type {
  Evidence,
  IgnoredReferrer,
  PolicyReport,
  ReportedValidation,
  ReportSubject,
  SignatureReport,
  TrustReport,
  ValidationReport,
  ValidationResult,
  ValidUntil,
} from './report/report.js';
export { type Selection, selectBlobStatement, selectStatement } from './select.js';
export { type CertificateSource, type MemoryTrustStoreContent, memoryTrustStore } from './trust-store/memory.js';
export { isTrustStoreName, isTrustStoreType, type TrustStore, type TrustStoreType } from './trust-store.js';
export type { ExpectedTarget } from './validations/target.js';
export {
  type SkippedArtifact,
  type TrustedArtifact,
  type TrustedSignature,
  type VerifyArtifactOptions,
  verifyArtifactSignatures,
} from './verify-artifact.js';
export { type SkippedBlob, type TrustedBlob, type VerifyBlobOptions, verifyBlobSignature } from './verify-blob.js';
export {
  type SignatureOutcome,
  type TrustOptions,
  type VerifySignatureOptions,
  verifySignature,
} from './verify-signature.js';
