import { isJsonArray, type JsonObject, type JsonValue } from '@notarykit/common/internal';
import { amountOf, objectOf, objectsIn, objectsOf, textOf } from '../json/members.js';
import { carriedBy, subjectOf } from '../sbom/subject.js';
import type { Finding, ScanReport } from './report.js';
import { severityOf } from './severity.js';

/** Reads the predicate `https://scout.docker.com/vulnerabilities`: a list of packages with their vulnerabilities. */
export function readScout(predicate: JsonValue, subjects: readonly string[]): ScanReport {
  const packages = isJsonArray(predicate) ? objectsIn(predicate, 'predicate') : undefined;
  return {
    class: 'scan',
    format: 'scout',
    formatVersion: '0.1',
    scanner: { name: 'docker-scout' },
    times: [],
    subject: carriedBy(subjectOf({}), subjects),
    findings: (packages ?? []).flatMap((item, i) =>
      objectsOf(item, 'vulnerabilities').map((one, j) => readFinding(item, one, `/${i}/vulnerabilities/${j}`)),
    ),
    suppressed: [],
    coverage: { os: 'unknown', language: 'unknown', endOfLife: false },
    ...(packages !== undefined ? {} : { failed: 'the predicate is not a list of packages' }),
    filtersKnown: false,
    warnings: [],
  };
}

function readFinding(item: JsonObject, vulnerability: JsonObject, pointer: string): Finding {
  const cvss = objectOf(vulnerability, 'cvss');
  const score = amountOf(cvss, 'score');
  const fixed = textOf(vulnerability, 'fixed_by');
  const severity = severityOf(textOf(cvss, 'severity'));
  const purl = textOf(item, 'purl');
  return {
    id: textOf(vulnerability, 'source_id') ?? '',
    aliases: [],
    severity,
    ratings: [severity],
    ...(score === undefined ? {} : { score }),
    ...(purl === undefined ? {} : { package: { name: purl, purl } }),
    ...(fixed === 'not fixed' ? {} : { fixedIn: fixed === undefined ? [] : [fixed] }),
    knownExploited: false,
    pointer,
  };
}
