import { type JsonObject, type JsonValue, quote } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { flagOf, numberOf, objectOf, objectsIn, objectsOf, textOf, textsOf } from '../json/members.js';
import { memberObject, memberObjects, memberText, type ParsedDocument } from '../sbom/parsed.js';
import { platformMembers, subjectOf } from '../sbom/subject.js';
import type { Finding, FindingPackage, ReportTime, ScanCoverage, ScanReport, Severity } from './report.js';
import { highestScore, severityOf } from './severity.js';

/** Reads a Trivy report of schema 2. */
export function readTrivy(document: ParsedDocument): ScanReport {
  const results = memberObjects(document, 'Results');
  const findings: Finding[] = [];
  const suppressed: Finding[] = [];
  results.forEach((result, i) => {
    readResult(result, `/Results/${i}`, findings, suppressed);
  });
  const metadata = memberObject(document, 'Metadata');
  const version = textOf(memberObject(document, 'Trivy'), 'Version');
  const created = memberText(document, 'CreatedAt');
  const failed = failureOf(document, results);
  return {
    class: 'scan',
    format: 'trivy',
    formatVersion: '2',
    scanner: { name: 'trivy', ...(version === undefined ? {} : { version }) },
    times: created === undefined ? [] : [{ text: created, source: 'CreatedAt' }],
    ...databaseOf(document),
    subject: subjectOf({
      references: textsOf(metadata, 'RepoDigests'),
      imageIds: [textOf(metadata, 'ImageID')],
      names: [memberText(document, 'ArtifactName'), ...textsOf(metadata, 'RepoTags')],
      platforms: [platformMembers(objectOf(metadata, 'ImageConfig'))],
    }),
    findings,
    suppressed,
    coverage: coverageOf(metadata, results),
    ...(failed === undefined ? {} : { failed }),
    filtersKnown: false,
    warnings: [],
  };
}

function databaseOf(document: ParsedDocument): { readonly database?: ReportTime } {
  const database = objectOf(objectOf(memberObject(document, 'Trivy'), 'Server'), 'VulnerabilityDB');
  const text = textOf(database, 'UpdatedAt');
  return text === undefined ? {} : { database: { text, source: 'Trivy.Server.VulnerabilityDB.UpdatedAt' } };
}

/** A report whose results are missing says that nothing was recognised, not that nothing was found. */
function failureOf(document: ParsedDocument, results: readonly JsonObject[]): string | undefined {
  if (!document.names.has('Results')) return 'the report has no Results: nothing was scanned or nothing was recognised';
  if (results.length === 0) return 'Results is empty: nothing was scanned';
  return undefined;
}

function coverageOf(metadata: JsonObject | undefined, results: readonly JsonObject[]): ScanCoverage {
  const os = objectOf(metadata, 'OS');
  const family = textOf(os, 'Family');
  const has = (name: string): boolean => results.some((result) => result['Class'] === name);
  const osName = family === undefined ? undefined : `${family} ${textOf(os, 'Name') ?? ''}`.trim();
  return {
    os: family !== undefined && has('os-pkgs') ? 'yes' : 'no',
    language: has('lang-pkgs') ? 'yes' : 'no',
    ...(osName === undefined ? {} : { osName }),
    endOfLife: flagOf(os, 'EOSL') === true,
  };
}

/** Types of modified findings that are not vulnerabilities; what has no type, or an unknown one, may be one. */
const otherFindings: ReadonlySet<string> = new Set(['misconfiguration', 'secret', 'license']);

function readResult(result: JsonObject, pointer: string, findings: Finding[], suppressed: Finding[]): void {
  const sources = sourcesOf(result);
  objectsOf(result, 'Vulnerabilities').forEach((value, i) => {
    findings.push(readFinding(value, `${pointer}/Vulnerabilities/${i}`, sources));
  });
  objectsOf(result, 'ExperimentalModifiedFindings').forEach((modified, i) => {
    const finding = objectOf(modified, 'Finding');
    if (otherFindings.has(textOf(modified, 'Type') ?? '')) return;
    if (finding === undefined) throw new GateError('ERR_GATE_EVIDENCE', 'Trivy: a modified finding has no Finding');
    const reason = [textOf(modified, 'Status'), textOf(modified, 'Statement'), textOf(modified, 'Source')];
    suppressed.push({
      ...readFinding(finding, `${pointer}/ExperimentalModifiedFindings/${i}`, sources),
      suppressed: reason.filter((text) => text !== undefined).join(', ') || 'no reason given',
    });
  });
}

/** Source packages by the identifier of the binary package. */
function sourcesOf(result: JsonObject): ReadonlyMap<string, JsonObject> {
  const sources = new Map<string, JsonObject>();
  for (const item of objectsOf(result, 'Packages')) {
    for (const key of [textOf(item, 'ID'), textOf(objectOf(item, 'Identifier'), 'PURL')])
      if (key !== undefined) addSource(sources, key, item);
  }
  return sources;
}

/** A package that is installed twice is listed twice; only one that is built from two sources is two packages. */
function addSource(sources: Map<string, JsonObject>, key: string, item: JsonObject): void {
  const before = sources.get(key);
  if (before !== undefined && textOf(before, 'SrcName') !== textOf(item, 'SrcName'))
    throw new GateError('ERR_GATE_EVIDENCE', `Trivy: two packages ${quote(key)} are built from different sources`);
  sources.set(key, item);
}

const vendorSeverity: readonly Severity[] = ['unknown', 'low', 'medium', 'high', 'critical'];

function readFinding(value: JsonObject, pointer: string, sources: ReadonlyMap<string, JsonObject>): Finding {
  const scores = objectsIn(Object.values(objectOf(value, 'CVSS') ?? {}) as JsonValue[], 'CVSS').flatMap((cvss) =>
    ['V2Score', 'V3Score', 'V40Score'].flatMap((name) => numberOf(cvss, name) ?? []),
  );
  const fixed = textOf(value, 'FixedVersion');
  const ratings = Object.values(objectOf(value, 'VendorSeverity') ?? {}).map((n) =>
    typeof n === 'number' ? (vendorSeverity[n] ?? 'unknown') : 'unknown',
  );
  return {
    id: textOf(value, 'VulnerabilityID') ?? '',
    aliases: textsOf(value, 'VendorIDs'),
    severity: severityOf(textOf(value, 'Severity')),
    ratings,
    ...highestScore(scores),
    package: packageOf(value, sources),
    ...(fixed === undefined && textOf(value, 'Status') !== 'fixed' ? {} : { fixedIn: fixed?.split(', ') ?? [] }),
    knownExploited: false,
    pointer,
  };
}

function packageOf(value: JsonObject, sources: ReadonlyMap<string, JsonObject>): FindingPackage {
  const purl = textOf(objectOf(value, 'PkgIdentifier'), 'PURL');
  const version = textOf(value, 'InstalledVersion');
  const source = sources.get(textOf(value, 'PkgID') ?? '') ?? sources.get(purl ?? '');
  const upstream = textOf(source, 'SrcName');
  return {
    name: textOf(value, 'PkgName') ?? '',
    ...(version === undefined ? {} : { version }),
    ...(purl === undefined ? {} : { purl }),
    ...(upstream === undefined ? {} : { upstream: [{ name: upstream }] }),
  };
}

/** Whether a document is a Trivy report of schema 2. */
export function isTrivy(document: ParsedDocument): boolean {
  return (
    document.values.get('SchemaVersion') === 2 && (document.names.has('ArtifactName') || document.names.has('Results'))
  );
}
