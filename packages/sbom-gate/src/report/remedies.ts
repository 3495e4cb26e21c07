import type { DecisionCode } from '../codes.js';
import type { GateOutcome } from '../outcome.js';

/** What to do about an outcome, by code: one sentence for a reader who sees a denial for the first time. */
const remedies: ReadonlyMap<DecisionCode, string> = new Map<DecisionCode, string>([
  ['IMAGE_UNSIGNED', 'sign the image with a signer of image.signedBy'],
  ['IMAGE_UNTRUSTED', 'sign the image with a signer of image.signedBy, or correct that statement of the trust policy'],
  ['PLATFORM_MISSING', 'build the image for this platform, or take it out of image.platforms'],
  ['REGISTRY_UNAVAILABLE', 'try again when the registry answers; the gate does not decide on half of the evidence'],
  ['EVIDENCE_WITHHELD', 'find out why the registry no longer lists it, and put it back; or decide without `seen`'],
  ['LIMIT_EXCEEDED', "make the document smaller or remove attachments, or raise the policy's limits"],
  ['EVIDENCE_AMBIGUOUS', 'attach a document in one format only'],
  ['EVIDENCE_MALFORMED', 'make the document again with its tool, attach and sign it'],
  [
    'EVIDENCE_UNDECIDED',
    'give what is missing, such as a revocation checker, or try again when the revocation service, the registry or the plugin answers',
  ],
  ['EVIDENCE_EXPIRED', 'make the document again, attach and sign it'],
  ['MEDIA_TYPE_MISMATCH', 'attach the document under the artifact type of its kind'],
  ['FORMAT_NOT_ACCEPTED', 'attach the document in an accepted format, or add its format to the policy'],
  ['SBOM_MISSING', 'make an SBOM, attach it to this manifest, and sign it with a signer of sbom.signedBy'],
  ['SBOM_UNREADABLE', 'make the SBOM again with its tool, attach and sign it'],
  ['SBOM_FORMAT_UNSUPPORTED', 'attach SPDX as JSON or tag-value, or CycloneDX as JSON or XML'],
  ['SBOM_SUBJECT_MISMATCH', 'make the SBOM from this very image: the signed one is about another'],
  ['SBOM_SUBJECT_UNSTATED', 'let the tool scan the image by digest, so that the SBOM names it'],
  ['SBOM_PLATFORM_UNCOVERED', 'make an SBOM of this platform and attach it to its manifest'],
  ['SBOM_EMPTY', 'make the SBOM with a tool that knows this image, or set sbom.allowEmpty'],
  ['SBOM_NO_INVENTORY', 'attach an SPDX or CycloneDX SBOM besides'],
  ['SBOM_NOT_GOOD', 'find out why the SBOM does not say "good"'],
  ['SBOM_STALE', 'make the SBOM again, attach and sign it'],
  ['PACKAGE_BLOCKED', 'remove or update the package, or change that rule of sbom.blockPackages'],
  ['PACKAGE_VERSION_UNKNOWN', 'let the SBOM state a version that can be compared, or remove the package'],
  ['PACKAGE_REQUIRED_MISSING', 'add the package to the image, or change that rule of sbom.requirePackages'],
  ['COMPONENT_IDENTITY_CONFLICT', 'make name and package URL of the component agree'],
  ['PURL_INVALID', 'correct the package URL in the SBOM, or update the tool that wrote it'],
  ['PURL_TYPE_RULE', 'update the tool that wrote it; rules, exceptions and VEX can name the package as it is written'],
  ['LICENSE_BLOCKED', 'replace the package, or add an exception of rule "license"'],
  ['LICENSE_NOT_ALLOWED', 'replace the package, or add its licence to sbom.licenses.allow'],
  ['LICENSE_UNKNOWN', 'state the licence as an SPDX expression, or set sbom.licenses.unknown'],
  ['SCAN_MISSING', 'scan the image, attach the report, and sign it with a signer of scan.signedBy'],
  ['SCAN_UNREADABLE', 'scan the image again, attach and sign the report'],
  ['SCAN_SUBJECT_MISMATCH', 'scan this very image: the signed report is about another'],
  ['SCAN_SUBJECT_UNSTATED', 'scan the image by digest, so that the report names it'],
  ['SCAN_PLATFORM_UNCOVERED', 'scan this platform and attach the report to its manifest'],
  ['SCAN_STALE', 'scan the image again, attach and sign the report'],
  ['SCAN_TIME_IN_FUTURE', 'correct the clock of the machine that scanned, and scan again'],
  ['SCAN_TIME_INCONSISTENT', 'correct the clock of the machine that scanned, and scan again'],
  ['SCAN_TIME_MISSING', 'let the scanner write its time with a zone, or sign the report with a timestamp'],
  ['SCAN_TIME_NOT_AUTHENTIC', 'sign the report with a trusted timestamp'],
  ['SCAN_DB_STALE', 'update the vulnerability database of the scanner and scan again'],
  ['SCAN_DB_UNKNOWN', 'use a report that tells its database, or leave out scan.dbMaxAge'],
  [
    'SCAN_COVERAGE_UNKNOWN',
    'use a scanner that knows this image, or say in scan.requireCoverage what the image has (os, language)',
  ],
  ['SCAN_OS_END_OF_LIFE', 'move the image to a release that gets updates'],
  ['SCAN_FAILED', 'see why the scanner failed, and scan again'],
  ['VEX_UNREADABLE', 'make the VEX document again with its tool, attach and sign it'],
  ['PROVENANCE_MISSING', 'let the builder state its provenance, and sign it with a signer of provenance.signedBy'],
  ['PROVENANCE_UNREADABLE', 'let the builder state SLSA provenance v0.2 or v1, attach and sign it'],
  ['PROVENANCE_SUBJECT_MISMATCH', 'attach the provenance of this very image: the signed one is about another'],
  ['PROVENANCE_SUBJECT_UNSTATED', 'let the builder name the image by digest in the statement'],
  ['PROVENANCE_PLATFORM_UNCOVERED', 'attach the provenance of this platform to its manifest'],
  ['PROVENANCE_BUILDER', 'build on a builder of provenance.builders, or add this one'],
  ['PROVENANCE_BUILD_TYPE', 'build in a way of provenance.buildTypes, or add this one'],
  ['PROVENANCE_SOURCE', 'build from a repository and revision of provenance.sources, or add this one'],
  ['PROVENANCE_MATERIAL', 'build without the material, or change provenance.materials'],
  ['PROVENANCE_MATERIAL_UNPINNED', 'let the builder state digests, or set provenance.materials.unpinned'],
  ['PROVENANCE_MATERIALS_MISSING', 'use a builder that lists materials, or leave out provenance.materials'],
  ['PROVENANCE_MATERIALS_INCOMPLETE', 'build from a repository instead of local files, or set materials.incomplete'],
  ['PROVENANCE_BASE_IMAGE', 'verify the base images before the build, pin them, and hand their digests to the gate'],
  ['SCANNER_NOT_ACCEPTED', 'scan with a scanner of scan.scanners, or add this one'],
  ['SCAN_TOOL_UNSUPPORTED', "attach the scanner's report in its own format, or as an in-toto or cosign predicate"],
  ['VULN_SEVERITY', 'update the package, or have a VEX statement or an exception accepted'],
  ['VULN_LISTED', 'update the package, or take the id out of scan.block.ids'],
  ['VULN_KNOWN_EXPLOITED', 'update the package at once'],
  ['VULN_SEVERITY_UNKNOWN', 'look at the finding, then add an exception or set scan.block.unknownSeverity'],
  ['EXCEPTION_EXPIRED', 'renew the exception, or fix what it is about'],
  ['RESCAN_FAILED', 'see why the scan could not be made, then run the gate again'],
  ['RULE_FAILED', 'correct the rule: one that fails denies'],
]);

/** What to do about an outcome with this code. */
export function remedyOf(code: DecisionCode): string | undefined {
  return remedies.get(code);
}

/** What a better document does not replace: it denies, or warns, for as long as it is attached. */
const lasting: ReadonlySet<DecisionCode> = new Set<DecisionCode>([
  'LIMIT_EXCEEDED',
  'EVIDENCE_AMBIGUOUS',
  'EVIDENCE_MALFORMED',
  'EVIDENCE_EXPIRED',
  'MEDIA_TYPE_MISMATCH',
  'FORMAT_NOT_ACCEPTED',
  'SBOM_UNREADABLE',
  'SBOM_FORMAT_UNSUPPORTED',
  'SBOM_SUBJECT_MISMATCH',
  'SBOM_SUBJECT_UNSTATED',
  'SBOM_EMPTY',
  'SBOM_NO_INVENTORY',
  'SBOM_NOT_GOOD',
  'SBOM_STALE',
  'PURL_INVALID',
  'SCAN_UNREADABLE',
  'PROVENANCE_UNREADABLE',
  'PROVENANCE_SUBJECT_MISMATCH',
  'PROVENANCE_SUBJECT_UNSTATED',
  'PROVENANCE_BUILDER',
  'PROVENANCE_BUILD_TYPE',
  'PROVENANCE_SOURCE',
  'PROVENANCE_MATERIAL',
  'PROVENANCE_MATERIALS_MISSING',
  'PROVENANCE_BASE_IMAGE',
  'SCAN_SUBJECT_MISMATCH',
  'SCAN_SUBJECT_UNSTATED',
  'SCANNER_NOT_ACCEPTED',
  'VEX_UNREADABLE',
]);

/** What to do about an outcome, with the referrer that must go. */
export function remedyFor({ code, evidence }: GateOutcome): string | undefined {
  const remedy = remedyOf(code);
  if (evidence === undefined || !lasting.has(code)) return remedy;
  const remove = `remove the referrer ${evidence.manifest}`;
  return remedy === undefined ? remove : `${remedy}; and ${remove}, which stays as it is`;
}
