export { checkAllowed } from './allowed.js';
export type {
  DecisionCode,
  EvidenceCode,
  FindingCode,
  FlowCode,
  ImageCode,
  ProvenanceCode,
  SbomCode,
  ScanCode,
} from './codes.js';
export { decide, type GateRequest } from './decide.js';
export type { DecisionFacts, GateDecision, GateVerdict, UsedEvidence } from './decision.js';
export { GateError, type GateErrorCode } from './errors.js';
export type { DocumentLimits } from './evidence/build-document.js';
export {
  type ReadDocumentOptions,
  type ReadDocumentOutcome,
  unreadable as unreadableCode,
} from './evidence/document-outcome.js';
export type {
  EvidenceClass,
  EvidenceDocument,
  EvidenceSignature,
  GateEvidence,
  IgnoredEvidence,
  ImageEvidence,
  PlatformEvidence,
  SignerOutcome,
  TrustedSignature,
  Untrusted,
} from './evidence/evidence.js';
export type { EvidenceContent } from './evidence/formats.js';
export { isNoEvidence, type PlannedLayer, planReferrer, type ReferrerPlan } from './evidence/plan.js';
export {
  type AllowProof,
  type DemandedClass,
  type EvidenceProof,
  isProof,
  type Missing,
  type PlatformProof,
  prove,
  type SummaryProof,
  type Use,
} from './evidence/proof.js';
export { readDocument } from './evidence/read-document.js';
export { readDocumentBytes } from './evidence/read-document-bytes.js';
export { judgeSigners, type SignerCheck, statementsOf } from './evidence/signers.js';
export { JsonScanner } from './json/scanner.js';
export type { JsonScannerOptions, JsonSink, Wanted } from './json/sink.js';
export type { GateOutcome, OutcomeEvidence, OutcomeLevel } from './outcome.js';
export type { Schema } from './policy/check-schema.js';
export type * from './policy/document.js';
export { lintGatePolicy } from './policy/lint.js';
export { type ParseGatePolicyOptions, parseGatePolicy } from './policy/parse.js';
export { gatePolicySchema } from './policy/schema.js';
export type * from './provenance/document.js';
export { formatPurl } from './purl/format.js';
export {
  buildPurl,
  type ParsePurlOptions,
  type Purl,
  type PurlParts,
  parsePurl,
  type TypeProblem,
  typeProblem,
} from './purl/parse.js';
export { type ExplainOptions, explainDecision } from './report/explain.js';
export { formatDecision } from './report/json.js';
export { remedyFor } from './report/remedies.js';
export { formatSarif } from './report/sarif.js';
export type { GateRule, GateRuleInput, GateRuleViolation } from './rules/custom.js';
export type * from './sbom/document.js';
export type * from './scan/report.js';
export {
  type AcceptedSummary,
  type AcceptVsaOptions,
  acceptVsa,
  type SignedSummary,
  type VsaOutcome,
} from './summary/accept.js';
export { type BuildRevokingVsaOptions, type BuildVsaOptions, buildRevokingVsa, buildVsa } from './summary/build.js';
export { decideBySummary, withoutSummary } from './summary/decide.js';
export {
  predicateTypeAnnotation,
  readSummary,
  type SummaryGrounds,
  type SummarySigner,
  statementMediaType,
  summaryLayer,
  type VerificationSummary,
  vsaPredicateType,
} from './summary/statement.js';
export type { VersionScheme } from './versions/scheme.js';
export { schemeOfType, schemes } from './versions/schemes.js';
export {
  type Comparator,
  containsVersion,
  type ParseVersOptions,
  parseVers,
  type VersionConstraint,
  type VersionRange,
} from './versions/vers.js';
export type * from './vex/document.js';
