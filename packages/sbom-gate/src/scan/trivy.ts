import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common';
import { memberObject, memberText, type ParsedDocument } from '../evidence/parsed.js';
import { listOf, numberOf, objectOf, objectsOf, textOf, textsOf } from '../json/members.js';
import { platformMembers, subjectOf } from '../sbom/subject.js';
import type { Finding, FindingPackage, ReportTime, ScanCoverage, ScanReport, Severity } from './report.js';
import { severityOf } from './severity.js';

/** Reads a Trivy report of schema 2. */
export function readTrivy(document: ParsedDocument): ScanReport {
  const results = (document.lists.get('Results') ?? []).filter(isJsonObject);
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
  if (document.values.has('Results')) return 'Results is no list';
  const list = document.lists.get('Results') ?? [];
  if (results.length !== list.length) return 'an entry of Results is no object';
  if (results.length === 0) return 'Results is empty: nothing was scanned';
  for (const result of results)
    for (const name of ['Vulnerabilities', 'ExperimentalModifiedFindings'])
      if (isMalformed(result[name])) return `a result holds ${name} that cannot be read`;
  return undefined;
}

function isMalformed(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return false;
  return !isJsonArray(value) || !value.every(isJsonObject);
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
    endOfLife: os?.['EOSL'] === true,
  };
}

function readResult(result: JsonObject, pointer: string, findings: Finding[], suppressed: Finding[]): void {
  const sources = sourcesOf(result);
  listOf(result, 'Vulnerabilities').forEach((value, i) => {
    if (isJsonObject(value)) findings.push(readFinding(value, `${pointer}/Vulnerabilities/${i}`, sources));
  });
  objectsOf(result, 'ExperimentalModifiedFindings').forEach((modified, i) => {
    const finding = objectOf(modified, 'Finding');
    if (modified['Type'] !== 'vulnerability' || finding === undefined) return;
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
      if (key !== undefined) sources.set(key, item);
  }
  return sources;
}

const vendorSeverity: readonly Severity[] = ['unknown', 'low', 'medium', 'high', 'critical'];

function readFinding(value: JsonObject, pointer: string, sources: ReadonlyMap<string, JsonObject>): Finding {
  const scores = Object.values(objectOf(value, 'CVSS') ?? {})
    .filter(isJsonObject)
    .flatMap((cvss) => ['V2Score', 'V3Score', 'V40Score'].flatMap((name) => numberOf(cvss, name) ?? []));
  const fixed = textOf(value, 'FixedVersion');
  const ratings = Object.values(objectOf(value, 'VendorSeverity') ?? {}).map((n) =>
    typeof n === 'number' ? (vendorSeverity[n] ?? 'unknown') : 'unknown',
  );
  return {
    id: textOf(value, 'VulnerabilityID') ?? '',
    aliases: textsOf(value, 'VendorIDs'),
    severity: severityOf(value['Severity']),
    ratings,
    ...(scores.length === 0 ? {} : { score: Math.max(...scores) }),
    package: packageOf(value, sources),
    ...(fixed === undefined ? {} : { fixedIn: fixed.split(', ') }),
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
