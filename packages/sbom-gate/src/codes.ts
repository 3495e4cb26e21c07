/** Why a candidate does not count as evidence, or why evidence that counts cannot be read. */
export type EvidenceCode =
  | 'EVIDENCE_UNSIGNED'
  | 'EVIDENCE_UNTRUSTED'
  | 'EVIDENCE_EXPIRED'
  | 'EVIDENCE_UNDECIDED'
  | 'EVIDENCE_SUBJECT_MISMATCH'
  | 'EVIDENCE_AMBIGUOUS'
  | 'EVIDENCE_MALFORMED'
  | 'EVIDENCE_UNAVAILABLE'
  | 'EVIDENCE_UNRECOGNISED'
  | 'MEDIA_TYPE_MISMATCH'
  | 'FORMAT_NOT_ACCEPTED'
  | 'LIMIT_EXCEEDED'
  | 'SBOM_UNREADABLE'
  | 'SBOM_FORMAT_UNSUPPORTED'
  | 'SCAN_UNREADABLE'
  | 'VEX_UNREADABLE'
  | 'PROVENANCE_UNREADABLE';

/** Codes about the image, its platforms, and what the registry lists. */
export type ImageCode =
  | 'IMAGE_UNSIGNED'
  | 'IMAGE_UNTRUSTED'
  | 'PLATFORM_MISSING'
  | 'REGISTRY_UNAVAILABLE'
  | 'EVIDENCE_WITHHELD';

/** Codes about the inventory. */
export type SbomCode =
  | 'SBOM_MISSING'
  | 'SBOM_NOT_CHECKED'
  | 'SBOM_SUBJECT_MISMATCH'
  | 'SBOM_SUBJECT_UNSTATED'
  | 'SBOM_PLATFORM_UNCOVERED'
  | 'SBOM_EMPTY'
  | 'SBOM_NO_INVENTORY'
  | 'SBOM_NOT_GOOD'
  | 'SBOM_INCOMPLETE'
  | 'SBOM_STALE'
  | 'PACKAGE_REQUIRED_MISSING'
  | 'PACKAGE_BLOCKED'
  | 'PACKAGE_VERSION_UNKNOWN'
  | 'PACKAGE_EXTERNAL'
  | 'COMPONENT_IDENTITY_CONFLICT'
  | 'PURL_INVALID'
  | 'PURL_TYPE_RULE'
  | 'LICENSE_BLOCKED'
  | 'LICENSE_NOT_ALLOWED'
  | 'LICENSE_UNKNOWN';

/** Codes about scan reports. */
export type ScanCode =
  | 'SCAN_MISSING'
  | 'SCAN_NOT_CHECKED'
  | 'SCAN_SUBJECT_MISMATCH'
  | 'SCAN_SUBJECT_UNSTATED'
  | 'SCAN_PLATFORM_UNCOVERED'
  | 'SCAN_STALE'
  | 'SCAN_TIME_IN_FUTURE'
  | 'SCAN_TIME_INCONSISTENT'
  | 'SCAN_TIME_FROM_SIGNATURE'
  | 'SCAN_TIME_MISSING'
  | 'SCAN_TIME_NOT_AUTHENTIC'
  | 'SCAN_DB_STALE'
  | 'SCAN_DB_UNKNOWN'
  | 'SCAN_COVERAGE_UNKNOWN'
  | 'SCAN_OS_END_OF_LIFE'
  | 'SCAN_FAILED'
  | 'SCAN_TOOL_UNSUPPORTED'
  | 'SCAN_FILTERS_UNKNOWN'
  | 'SCANNER_NOT_ACCEPTED';

/** Codes about how the image was built. */
export type ProvenanceCode =
  | 'PROVENANCE_MISSING'
  | 'PROVENANCE_SUBJECT_MISMATCH'
  | 'PROVENANCE_SUBJECT_UNSTATED'
  | 'PROVENANCE_PLATFORM_UNCOVERED'
  | 'PROVENANCE_BUILDER'
  | 'PROVENANCE_BUILD_TYPE'
  | 'PROVENANCE_SOURCE'
  | 'PROVENANCE_MATERIAL'
  | 'PROVENANCE_MATERIAL_UNPINNED'
  | 'PROVENANCE_MATERIALS_MISSING'
  | 'PROVENANCE_MATERIALS_INCOMPLETE'
  | 'PROVENANCE_BASE_IMAGE';

/** Codes about single findings. */
export type FindingCode =
  | 'VULN_SEVERITY'
  | 'VULN_LISTED'
  | 'VULN_KNOWN_EXPLOITED'
  | 'VULN_SEVERITY_UNKNOWN'
  | 'VULN_SUPPRESSED_BY_SCANNER'
  | 'VEX_ACCEPTED'
  | 'VEX_REJECTED'
  | 'VEX_UNMATCHED'
  | 'EXCEPTION_USED'
  | 'EXCEPTION_EXPIRED'
  | 'EXCEPTION_UNUSED';

/** Codes about the run itself. */
export type FlowCode =
  | 'RESCAN_REQUESTED'
  | 'RESCAN_FAILED'
  | 'RULE_FAILED'
  | 'SUMMARY_ACCEPTED'
  | 'SUMMARY_NOT_ACCEPTED'
  | 'POLICY_WARNING'
  | 'OK';

/** Every code of a decision, never renamed, only added. A rule of the caller adds its own as `x-<name>/<code>`. */
export type DecisionCode =
  | EvidenceCode
  | ImageCode
  | SbomCode
  | ScanCode
  | ProvenanceCode
  | FindingCode
  | FlowCode
  | `x-${string}/${string}`;
