import type { JsonObject } from '@notarykit/common/internal';
import { flagOf, listOf, numberOf, objectIf, objectOf, objectsOf, textOf, textsOf } from '../json/members.js';
import { memberObject, memberObjects, type ParsedDocument } from '../sbom/parsed.js';
import { platformMembers, subjectOf } from '../sbom/subject.js';
import type { Finding, FindingPackage, ReportTime, ScanCoverage, ScanReport } from './report.js';
import { highestScore, severityOf, severityOfScore } from './severity.js';

/** Whether a document is a Grype report. */
export function isGrype(document: ParsedDocument): boolean {
  return document.names.has('matches') && textOf(memberObject(document, 'descriptor'), 'name') === 'grype';
}

/** Reads a Grype report, with the database block of version 6 and the flat one before. */
export function readGrype(document: ParsedDocument): ScanReport {
  const descriptor = memberObject(document, 'descriptor');
  const source = memberObject(document, 'source');
  // A directory that was scanned is there as text.
  const target = objectIf(source, 'target');
  const version = textOf(descriptor, 'version');
  const time = textOf(descriptor, 'timestamp');
  const read = (name: string): Finding[] =>
    memberObjects(document, name).map((match, i) => readMatch(match, `/${name}/${i}`));
  const failed = failureOf(document, descriptor);
  return {
    class: 'scan',
    format: 'grype',
    formatVersion: version ?? '',
    scanner: { name: 'grype', ...(version === undefined ? {} : { version }) },
    times: time === undefined ? [] : [{ text: time, source: 'descriptor.timestamp' }],
    ...databaseOf(descriptor),
    subject: subjectOf({
      references: textsOf(target, 'repoDigests'),
      digests: [textOf(target, 'manifestDigest')],
      imageIds: [textOf(target, 'imageID')],
      names: [textOf(target, 'userInput')],
      platforms: [platformMembers(target)],
    }),
    findings: read('matches'),
    suppressed: read('ignoredMatches'),
    coverage: coverageOf(document, descriptor),
    ...(failed === undefined ? {} : { failed }),
    filtersKnown: objectOf(descriptor, 'configuration') !== undefined,
    warnings: [],
  };
}

function databaseOf(descriptor: JsonObject | undefined): { readonly database?: ReportTime } {
  const db = objectOf(descriptor, 'db');
  const text = textOf(objectOf(db, 'status'), 'built') ?? textOf(db, 'built');
  return text === undefined ? {} : { database: { text, source: 'descriptor.db' } };
}

function failureOf(document: ParsedDocument, descriptor: JsonObject | undefined): string | undefined {
  if (document.values.has('matches')) return 'matches is not a list: nothing was looked at';
  const status = objectOf(objectOf(descriptor, 'db'), 'status');
  if (flagOf(status, 'valid') === false || textOf(status, 'error') !== undefined)
    return 'the vulnerability database of the scanner was not valid';
  return undefined;
}

function coverageOf(document: ParsedDocument, descriptor: JsonObject | undefined): ScanCoverage {
  const distro = memberObject(document, 'distro');
  const name = textOf(distro, 'name');
  const alerts = document.values.get('alertsByPackage');
  const ended = Array.isArray(alerts) && alerts.some((alert) => JSON.stringify(alert).includes('end-of-life'));
  const known = objectOf(descriptor, 'db') !== undefined;
  return {
    os: name === undefined ? 'no' : known ? 'yes' : 'unknown',
    language: known ? 'yes' : 'unknown',
    ...(name === undefined ? {} : { osName: `${name} ${textOf(distro, 'version') ?? ''}`.trim() }),
    endOfLife: ended,
  };
}

function readMatch(match: JsonObject, pointer: string): Finding {
  const vulnerability = objectOf(match, 'vulnerability');
  const related = objectsOf(match, 'relatedVulnerabilities');
  const scored = [vulnerability, ...related].flatMap((item) => objectsOf(item, 'cvss'));
  const scores = scored.flatMap((cvss) => numberOf(objectOf(cvss, 'metrics'), 'baseScore') ?? []);
  const fix = objectOf(vulnerability, 'fix');
  const versions = textsOf(fix, 'versions');
  const reasons = objectsOf(match, 'appliedIgnoreRules').map((rule) => textOf(rule, 'reason') ?? JSON.stringify(rule));
  return {
    id: textOf(vulnerability, 'id') ?? '',
    aliases: related.flatMap((item) => textOf(item, 'id') ?? []),
    severity: severityOf(textOf(vulnerability, 'severity')),
    ratings: [
      ...related.map((item) => severityOf(textOf(item, 'severity'))),
      ...scores.map((score) => severityOfScore(score)),
    ],
    ...highestScore(scores),
    package: packageOf(objectOf(match, 'artifact')),
    ...(textOf(fix, 'state') === 'fixed' || versions.length > 0 ? { fixedIn: versions } : {}),
    knownExploited: listOf(vulnerability, 'knownExploited').length > 0,
    ...(pointer.startsWith('/ignoredMatches') ? { suppressed: reasons.join('; ') || 'no reason given' } : {}),
    pointer,
  };
}

function packageOf(artifact: JsonObject | undefined): FindingPackage {
  const [version, purl, type] = ['version', 'purl', 'type'].map((name) => textOf(artifact, name));
  const upstream = objectsOf(artifact, 'upstreams').flatMap((item) => {
    const name = textOf(item, 'name');
    const own = textOf(item, 'version');
    return name === undefined ? [] : [{ name, ...(own === undefined ? {} : { version: own }) }];
  });
  return {
    name: textOf(artifact, 'name') ?? '',
    ...(version === undefined ? {} : { version }),
    ...(type === undefined ? {} : { type }),
    ...(purl === undefined ? {} : { purl }),
    ...(upstream.length === 0 ? {} : { upstream }),
  };
}
