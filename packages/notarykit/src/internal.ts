// What the packages of this repository use of this one. No promise: names come, change and go in any release.
export { discover, type GraphView, openGraph, viewIdentity } from '@notarykit/artifact-graph/internal';
export type { AnyNotaryKitError } from './any-error.js';
export { attach } from './attach.js';
export type { AuditableRepository, AuditSubject, AuditTarget } from './audit/items.js';
export { type AuditOpinion, type AuditProblem, type AuditVerifier, isUnsigned } from './audit/judge.js';
export {
  type PlannedSigning,
  type PlanResigningOptions,
  planResigning,
  type ResigningPlan,
} from './audit/plan.js';
export type { AuditRecord, AuditRecorder, UnrecordedOutcome } from './audit/record/entry.js';
export { parseAuditRecord } from './audit/record/read.js';
export { type AuditRecordWriter, createAuditRecord } from './audit/record/write.js';
export type { AuditedManifest, AuditResult, AuditVerdict } from './audit/result.js';
export { type AuditSummary, summarizeAudit, type VerdictCounts } from './audit/summary.js';
export { type AuditTargetsOptions, auditTargets } from './audit/targets.js';
export { type AuditOptions, type AuditProgress, audit } from './audit.js';
export { type VerifyBaseImagesOptions, verifiedDigests, verifyBaseImages } from './base-images.js';
export { inspectBlob, type SignBlobOptions, type SignedBlob, signBlob, verifyBlob } from './blob.js';
export { type BundleInput, type CreateBundleOptions, createBundle } from './bundle/create.js';
export type { BundledArtifact } from './bundle/document.js';
export type { EvidenceSource } from './bundle/evidence.js';
export type { BundleProblem } from './bundle/problem.js';
export { type BundleSource, type ReadBundleOptions, readBundle, type UnverifiedBundle } from './bundle/read.js';
export type { Bundle } from './bundle/seal.js';
export {
  type VerifiedBundle,
  type VerifiedBundleArtifact,
  type VerifiedReferrer,
  type VerifyBundleOptions,
  verifyBundle,
} from './bundle/verify.js';
export { type CopiedArtifact, type CopyOptions, copy } from './copy.js';
export type { BaseImage } from './dockerfile/base-image.js';
export { parseBaseImages } from './dockerfile/images.js';
export type { DockerfileOptions } from './dockerfile/options.js';
export { pinDockerfile, type VerifiedBaseImage } from './dockerfile/pin.js';
export { buildSourcePolicy, type SourcePolicy, type SourcePolicyRule } from './dockerfile/source-policy.js';
export { NotaryKitError, type NotaryKitErrorCode } from './errors.js';
export { type CollectEvidenceOptions, collectEvidence, type VerifySigner } from './gate/collect.js';
export type { RescanHook, RescanRequest } from './gate/run.js';
export type { SignerAnswer } from './gate/signer-outcome.js';
export { type GateOptions, gate } from './gate.js';
export { helpOf } from './help/help-of.js';
export {
  type InspectedArtifact,
  type InspectedSignature,
  type InspectOptions,
  type InspectProgress,
  inspect,
} from './inspect.js';
export type { CallFacts } from './observe/call-facts.js';
export { type CallObserver, type ObservedVerbs, type ObserveOptions, observe } from './observe.js';
export { isOutside } from './outside.js';
export type { PromoteOptions, PromotionProgress } from './promote/options.js';
export type { Promotion, PromotionFailure, PromotionPlan } from './promote/promotion.js';
export { planPromotion, promote } from './promote.js';
export {
  type PublishedArtifact,
  type PublishedFile,
  type PublishOptions,
  type PublishProgress,
  publish,
} from './publish.js';
export { type Artifact, type ArtifactReference, resolveArtifact } from './reference.js';
export {
  type AttachedSignature,
  type SignedArtifact,
  type SignedPlatforms,
  type SigningProgress,
  type SignOptions,
  sign,
} from './sign.js';
export { type FileContent, type SignedFile, type SignFileOptions, signFile } from './sign-file.js';
export {
  type AttestedSummary,
  type AttestSummaryOptions,
  attestSummary,
  type RevokeSummariesOptions,
  revokeSummaries,
  type SummarySigning,
} from './summary/attest.js';
export type { Trust } from './trust.js';
export { createVerdictCache, type VerdictCache, type VerdictCacheOptions } from './verdict/cache.js';
export {
  type CachedVerdict,
  type CachedVerifier,
  type CachedVerifierOptions,
  createCachedVerifier,
} from './verdict/cached-verifier.js';
export { keptOf } from './verdict/check-verdict.js';
export { decideVerdict } from './verdict/decide.js';
export { decideTrusted } from './verdict/decide-trusted.js';
export { explainVerdict } from './verdict/explain.js';
export type { AskedGate, GatePart } from './verdict/gate-part.js';
export { type VerdictOptions, verdictRequest } from './verdict/request.js';
export { signaturesOf } from './verdict/signatures.js';
export type { KeptVerdict, RememberedRequest } from './verdict/stored.js';
export type { SkippedArtifact, TrustedArtifact } from './verdict/trusted.js';
export type { VerdictRequest, VerdictSubject } from './verdict/verdict-request.js';
export { type Skipped, type Verified, type VerifyOptions, verify } from './verify.js';
