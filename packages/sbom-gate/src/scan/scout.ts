import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common';
import { numberOf, objectOf, objectsOf, textOf } from '../json/members.js';
import { carriedBy, subjectOf } from '../sbom/subject.js';
import type { Finding, ScanReport } from './report.js';
import { severityOf } from './severity.js';

/** Reads the predicate `https://scout.docker.com/vulnerabilities`: a list of packages with their vulnerabilities. */
export function readScout(predicate: JsonValue, subjects: readonly string[]): ScanReport {
  const readable = isJsonArray(predicate) && predicate.every(isJsonObject);
  const packages = isJsonArray(predicate) ? predicate.filter(isJsonObject) : [];
  return {
    class: 'scan',
    format: 'scout',
    formatVersion: '0.1',
    scanner: { name: 'docker-scout' },
    times: [],
    subject: carriedBy(subjectOf({}), subjects),
    findings: packages.flatMap((item, i) =>
      objectsOf(item, 'vulnerabilities').map((one, j) => readFinding(item, one, `/${i}/vulnerabilities/${j}`)),
    ),
    suppressed: [],
    coverage: { os: 'unknown', language: 'unknown', endOfLife: false },
    ...(readable ? {} : { failed: 'the predicate is no list of packages' }),
    filtersKnown: false,
    warnings: [],
  };
}

function readFinding(item: JsonObject, vulnerability: JsonObject, pointer: string): Finding {
  const cvss = objectOf(vulnerability, 'cvss');
  const text = textOf(cvss, 'score');
  const score = numberOf(cvss, 'score') ?? (text === undefined ? undefined : Number(text));
  const fixed = textOf(vulnerability, 'fixed_by');
  const severity = severityOf(cvss?.['severity']);
  const purl = textOf(item, 'purl');
  return {
    id: textOf(vulnerability, 'source_id') ?? '',
    aliases: [],
    severity,
    ratings: [severity],
    ...(score === undefined || Number.isNaN(score) ? {} : { score }),
    ...(purl === undefined ? {} : { package: { name: purl, purl } }),
    ...(fixed === undefined || fixed === 'not fixed' ? {} : { fixedIn: [fixed] }),
    knownExploited: false,
    pointer,
  };
}
