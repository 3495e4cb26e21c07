// What a program that may gate loads at once. `decide` is an entry by itself, readers of documents are loaded with the first document.
export { checkAllowed } from './allowed.js';
export type { DecisionCode } from './codes.js';
export type { GateDecision } from './decision.js';
export { GateError, type GateErrorCode } from './errors.js';
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
  GateSignature,
  IgnoredEvidence,
  PlatformEvidence,
  SignerOutcome,
  Untrusted,
} from './evidence/evidence.js';
export { isNoEvidence, type PlannedLayer, planReferrer, type ReferrerPlan } from './evidence/plan.js';
export { readDocument } from './evidence/read-document.js';
export { judgeSigners, type SignerCheck, statementsOf } from './evidence/signers.js';
export type { UsedEvidence } from './evidence/used.js';
export type { GateOutcome } from './outcome.js';
export type * from './policy/document.js';
export { explainDecision } from './report/explain.js';
export type { GateRule } from './rules/custom.js';
export {
  type AcceptedSummary,
  type AcceptVsaOptions,
  acceptVsa,
  type SignedSummary,
  type VsaOutcome,
} from './summary/accept.js';
export { buildRevokingVsa, buildVsa } from './summary/build.js';
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
