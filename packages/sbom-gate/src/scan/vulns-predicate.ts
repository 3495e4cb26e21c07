import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common/internal';
import { numberOf, objectOf, objectsIn, objectsOf, textOf } from '../json/members.js';
import { memberObject, type ParsedDocument } from '../sbom/parsed.js';
import { carriedBy, subjectOf } from '../sbom/subject.js';
import { readNestedReport } from './nested.js';
import type { Finding, ReportTime, ScanReport, Severity } from './report.js';
import { highestScore, severityOf, severityOfScore, worst } from './severity.js';

/** Whether a document is a predicate of in-toto or cosign without its statement. */
export function isVulnsPredicate(document: ParsedDocument): boolean {
  const scanner = memberObject(document, 'scanner');
  return scanner !== undefined && Object.hasOwn(scanner, 'result') && document.names.has('metadata');
}

/** Reads such a predicate. */
export function readVulnsDocument(document: ParsedDocument): ScanReport {
  return readVulnsPredicate({ scanner: document.values.get('scanner'), metadata: document.values.get('metadata') }, []);
}

/**
 * Reads the predicates `https://in-toto.io/attestation/vulns` (0.1 and 0.2: a list of ids) and
 * `https://cosign.sigstore.dev/attestation/vuln` (the scanner's own report, with times of its own inside).
 */
export function readVulnsPredicate(
  predicate: JsonObject,
  subjects: readonly string[],
  form: 'in-toto-vulns' | 'cosign-vuln' = 'cosign-vuln',
): ScanReport {
  const scanner = objectOf(predicate, 'scanner');
  const metadata = objectOf(predicate, 'metadata');
  const finished = textOf(metadata, 'scanFinishedOn') ?? textOf(metadata, 'scanStartedOn');
  const times: ReportTime[] = finished === undefined ? [] : [{ text: finished, source: 'metadata.scanFinishedOn' }];
  const result = scanner?.['result'];
  const nested = isJsonObject(result) ? readNestedReport(result) : undefined;
  if (nested !== undefined) return wrap(nested, times, subjects);
  const updated = textOf(objectOf(scanner, 'db'), 'lastUpdate');
  return {
    class: 'scan',
    format: isJsonArray(result) ? 'in-toto-vulns' : form,
    formatVersion: '',
    scanner: scannerOf(scanner),
    times,
    ...(updated === undefined ? {} : { database: { text: updated, source: 'scanner.db.lastUpdate' } }),
    subject: carriedBy(subjectOf({}), subjects),
    findings: isJsonArray(result) ? objectsIn(result, 'result').map(readFinding) : [],
    suppressed: [],
    coverage: { os: 'unknown', language: 'unknown', endOfLife: false },
    ...failureOf(result),
    filtersKnown: false,
    warnings: [],
  };
}

function wrap(report: ScanReport, times: readonly ReportTime[], subjects: readonly string[]): ScanReport {
  return {
    ...report,
    format: 'cosign-vuln',
    times: [...times, ...report.times.map(({ text, source }) => ({ text, source: `scanner.result.${source}` }))],
    subject: carriedBy(report.subject, subjects),
  };
}

function failureOf(result: JsonValue | undefined): Pick<ScanReport, 'failed'> {
  if (isJsonArray(result)) return {};
  // Some producers keep the findings elsewhere: without a list nothing says that there are none.
  return { failed: 'scanner.result is not a report that can be read' };
}

function scannerOf(scanner: JsonObject | undefined): ScanReport['scanner'] {
  const uri = textOf(scanner, 'uri') ?? '';
  const version = textOf(scanner, 'version');
  const name = /trivy|grype|snyk/i.exec(uri)?.[0].toLowerCase() ?? uri;
  return { name, ...(version === undefined ? {} : { version }) };
}

/** Version 0.1 nests the id under `vulnerability` in its prose and not in its example: what is in either place counts. */
function readFinding(item: JsonObject, index: number): Finding {
  const places = [objectOf(item, 'vulnerability'), item];
  const severities = places.flatMap((place) => objectsOf(place, 'severity'));
  const [id = '', ...aliases] = new Set(places.flatMap((place) => textOf(place, 'id') ?? []));
  const ratings: Severity[] = severities.map((severity) => {
    const word = severityOf(severity['score']);
    return word === 'unknown' ? severityOfScore(scoreOf(severity)) : word;
  });
  const scores = severities.flatMap((severity) => scoreOf(severity) ?? []);
  return {
    id,
    aliases,
    severity: worst(ratings),
    ratings,
    ...highestScore(scores),
    // The format has no place for fixes.
    fixedIn: [],
    knownExploited: false,
    pointer: `/scanner/result/${index}`,
  };
}

function scoreOf(severity: JsonObject): number | undefined {
  // A number, text that is one, or a vector, whose severity is not computed here.
  const value = severity['score'];
  const score = typeof value === 'string' ? Number(value || Number.NaN) : numberOf(severity, 'score');
  return score !== undefined && score >= 0 && score <= 10 ? score : undefined;
}
