// What the packages of this repository use of this one. No promise: names come, change and go in any release.

export type { SignatureCandidate } from './candidate.js';
export { decideTrust } from './decide-trust.js';
export {
  checkTrusted,
  type DecidedArtifact,
  type RefusedDecision,
  refusalOf,
  type SkippedDecision,
  type TrustDecision,
  type TrustedDecision,
} from './decision.js';
export type { DemandedSigner } from './demanded.js';
export { type ParsePolicyOptions, parseBlobTrustPolicy, parseTrustPolicy } from './document/parse.js';
export type {
  BlobTrustPolicy,
  BlobTrustStatement,
  OciTrustStatement,
  Policy,
  PolicyWarning,
  TrustPolicy,
  TrustStatement,
  TrustStoreReference,
  VerifyTimestamp,
} from './document/policy.js';
export type { PolicyLimits } from './document/read.js';
export { isRegistryScope } from './document/scopes.js';
export { addStatement, changeStatement, removeStatement, type StatementChange } from './edit/edit.js';
export { type PolicyRule, TrustError, type TrustErrorCode, type TrustErrorDetail } from './errors.js';
export { explain } from './explain.js';
export { compileTrustPolicy } from './extended/compile.js';
export { parseExtendedTrustPolicy } from './extended/parse.js';
export { parseAnyTrustPolicy } from './extended/parse-any.js';
export {
  type CompiledPolicy,
  type ExtendedScope,
  type ExtendedStatement,
  type ExtendedTrustPolicy,
  type ExtendedVersion,
  extendedVersion,
  extendedVersion2,
  extendedVersion3,
  type RequiredSigner,
} from './extended/policy.js';
export { type CountedSigner, groupSigners } from './extended/signers.js';
export type {
  CertificateFact,
  Fact,
  IdentityComparison,
  RevocationAttempt,
  TimeSource,
  ValidityFact,
} from './facts.js';
export type { TrustedIdentity } from './identities/trusted-identity.js';
export {
  type ValidationAction,
  type ValidationActions,
  type ValidationType,
  type VerificationLevel,
  type VerificationLevelName,
  validationTypes,
} from './levels.js';
export type {
  PluginCapability,
  PluginDescription,
  PluginRequest,
  PluginResponse,
  VerificationPlugin,
} from './plugins/plugin.js';
export { isAtLeast as isAtLeastVersion, isVersion } from './plugins/version.js';
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
export { missedSignature } from './report/undecided.js';
export {
  type ArtifactTrustOptions,
  type JudgedSignature,
  type RequestTime,
  requestTime,
  type TrustRequest,
  trustRequest,
} from './request.js';
export { type SarifLog, type SarifResult, type SarifRule, type SarifRun, toSarif } from './sarif.js';
export { type Selection, selectBlobStatement, selectStatement } from './select.js';
export { type DiffOptions, diffTrustPolicies } from './tools/diff.js';
export type { PolicyDifference } from './tools/difference.js';
export { lintTrustPolicy } from './tools/lint.js';
export type { LintFinding, LintOptions, LintRule } from './tools/lint-finding.js';
export { type RecordedOutcome, recordedOutcome } from './tools/recorded.js';
export { type SimulatedOutcome, type SimulateOptions, simulate } from './tools/simulate.js';
export type { AnchorOptions } from './trust-store/check-anchors.js';
export { type CertificateSource, type MemoryTrustStoreContent, memoryTrustStore } from './trust-store/memory.js';
export { type PinnedAnchors, pinAnchors } from './trust-store/pin.js';
export { isTrustStoreName, type TrustStore, type TrustStoreType, trustStoreTypes } from './trust-store.js';
export type { TrustedSignature } from './trusted-signature.js';
export { matchIdentities } from './validations/match-identities.js';
export type { ExpectedTarget } from './validations/target.js';
export { type SkippedBlob, type TrustedBlob, type VerifyBlobOptions, verifyBlobSignature } from './verify-blob.js';
export {
  type SignatureOutcome,
  type TrustOptions,
  type VerifySignatureOptions,
  verifySignature,
} from './verify-signature.js';
