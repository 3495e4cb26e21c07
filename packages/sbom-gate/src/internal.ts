// What the packages of this repository use of this one. No promise: names come, change and go in any release.
export type {
  EvidenceCode,
  FindingCode,
  FlowCode,
  ImageCode,
  ProvenanceCode,
  SbomCode,
  ScanCode,
} from './codes.js';
export * from './core.js';
export { decide, type GateRequest } from './decide.js';
export type { DecisionFacts, GateVerdict } from './decision.js';
export type { EvidenceContent } from './evidence/content.js';
export type { ImageEvidence } from './evidence/evidence.js';
export {
  type AllowProof,
  type DemandedClass,
  type EvidenceProof,
  isProof,
  type PlatformProof,
  prove,
  type SummaryProof,
} from './evidence/proof.js';
export { readDocumentBytes } from './evidence/read-document-bytes.js';
export { JsonScanner } from './json/scanner.js';
export type { JsonSink } from './json/sink.js';
export type { OutcomeEvidence, OutcomeLevel } from './outcome.js';
export type { Schema } from './policy/check-schema.js';
export { lintGatePolicy } from './policy/lint.js';
export { type ParseGatePolicyOptions, parseGatePolicy } from './policy/parse.js';
export { gatePolicySchema } from './policy/schema.js';
export type * from './provenance/document.js';
export { formatPurl } from './purl/format.js';
export { buildPurl, type ParsePurlOptions, type Purl, parsePurl, typeProblem } from './purl/parse.js';
export type { ExplainOptions } from './report/explain.js';
export { formatDecision } from './report/json.js';
export { remedyFor } from './report/remedies.js';
export { formatSarif } from './report/sarif.js';
export type { GateRuleInput } from './rules/custom.js';
export type { GateRuleViolation } from './rules/violations.js';
export type { DocumentLimits } from './sbom/build-document.js';
export type * from './sbom/document.js';
export type { SbomFormat } from './sbom/formats.js';
export type * from './scan/report.js';
export type { VersionScheme } from './versions/scheme.js';
export { schemes } from './versions/schemes.js';
export {
  type Comparator,
  containsVersion,
  type ParseVersOptions,
  parseVers,
  type VersionConstraint,
  type VersionRange,
} from './versions/vers.js';
export type * from './vex/document.js';
