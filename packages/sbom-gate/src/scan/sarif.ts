import { isJsonArray, isJsonObject, type JsonObject } from '@notarykit/common';
import { memberText, type ParsedDocument } from '../evidence/parsed.js';
import { listOf, numberOf, objectOf, objectsOf, textOf, textsOf } from '../json/members.js';
import { subjectOf } from '../sbom/subject.js';
import type { Finding, FindingPackage, ReportTime, ScanReport } from './report.js';
import { severityOf, severityOfScore, worst } from './severity.js';

/** Whether a document is a SARIF 2.1.0 log. */
export function isSarif(document: ParsedDocument): boolean {
  return document.names.has('runs') && memberText(document, 'version') === '2.1.0';
}

/** Drivers that look for vulnerabilities in packages; the log of any other tool is no scan. */
const scanners: readonly (readonly [RegExp, string])[] = [
  [/^trivy$/i, 'trivy'],
  [/^grype$/i, 'grype'],
  [/^snyk /i, 'snyk'],
];

/** Reads a SARIF log of Trivy, Grype or Snyk: every run, the package from the result, the worse of two severities. */
export function readSarif(document: ParsedDocument): ScanReport {
  const runs = (document.lists.get('runs') ?? []).filter(isJsonObject);
  const drivers = runs.map((run) => objectOf(objectOf(run, 'tool'), 'driver'));
  const names = drivers.map((driver) => scannerName(textOf(driver, 'name') ?? ''));
  const version = textOf(drivers[0], 'semanticVersion') ?? textOf(drivers[0], 'version');
  const all = runs.flatMap((run, i) => readRun(run, `/runs/${i}`));
  const properties = runs.map((run) => objectOf(run, 'properties'));
  return {
    class: 'scan',
    format: 'sarif',
    formatVersion: '2.1.0',
    scanner: { name: names[0] ?? textOf(drivers[0], 'name') ?? '', ...(version === undefined ? {} : { version }) },
    times: runs.flatMap(timesOf),
    subject: subjectOf({
      references: properties.flatMap((one) => textsOf(one, 'repoDigests')),
      imageIds: properties.map((one) => textOf(one, 'imageID')),
      names: properties.map((one) => textOf(one, 'imageName')),
    }),
    findings: all.filter(({ suppressed }) => suppressed === undefined),
    suppressed: all.filter(({ suppressed }) => suppressed !== undefined),
    coverage: { os: 'unknown', language: 'unknown', endOfLife: false },
    ...failureOf(document, runs, names),
    filtersKnown: false,
    warnings: [],
  };
}

function scannerName(driver: string): string | undefined {
  return scanners.find(([pattern]) => pattern.test(driver))?.[1];
}

function timesOf(run: JsonObject): readonly ReportTime[] {
  return objectsOf(run, 'invocations').flatMap((invocation) => {
    const text = textOf(invocation, 'endTimeUtc');
    return text === undefined ? [] : [{ text, source: 'invocations.endTimeUtc' }];
  });
}

/** `results: null` means that the tool did not get to an analysis (SARIF 2.1.0, section 3.14.23). */
function failureOf(
  document: ParsedDocument,
  runs: readonly JsonObject[],
  names: readonly (string | undefined)[],
): Pick<ScanReport, 'failed'> {
  const failed = (text: string): Pick<ScanReport, 'failed'> => ({ failed: text });
  if (runs.length === 0 || runs.length !== (document.lists.get('runs') ?? []).length)
    return failed('the log has no run');
  if (names.includes(undefined)) return failed('a run is of a tool that does not look for vulnerabilities in packages');
  if (new Set(names).size > 1) return failed('the runs are of different tools');
  for (const run of runs) {
    const { results } = run;
    if (!isJsonArray(results) || !results.every(isJsonObject))
      return failed('a run has no results: the tool did not finish');
    if (objectsOf(run, 'invocations').some((one) => one['executionSuccessful'] === false))
      return failed('a run says that its tool failed');
  }
  return {};
}

function readRun(run: JsonObject, pointer: string): readonly Finding[] {
  const driver = objectOf(objectOf(run, 'tool'), 'driver');
  const rules = listOf(driver, 'rules');
  const byId = new Map<string, JsonObject>();
  for (const rule of rules) if (isJsonObject(rule)) byId.set(textOf(rule, 'id') ?? '', rule);
  return objectsOf(run, 'results').flatMap((result, i) => {
    const { kind } = result;
    if ((kind !== undefined && kind !== 'fail') || result['baselineState'] === 'absent') return [];
    const index = numberOf(result, 'ruleIndex');
    const listed = index === undefined ? undefined : rules[index];
    const id = textOf(result, 'ruleId') ?? textOf(isJsonObject(listed) ? listed : undefined, 'id') ?? '';
    return [readResult(result, byId.get(id), id, `${pointer}/results/${i}`)];
  });
}

function readResult(result: JsonObject, rule: JsonObject | undefined, ruleId: string, pointer: string): Finding {
  const message = textOf(objectOf(result, 'message'), 'text') ?? '';
  const help = textOf(objectOf(rule, 'help'), 'text') ?? '';
  const properties = objectOf(rule, 'properties');
  const score = Number(textOf(properties, 'security-severity') ?? Number.NaN);
  const severities = [
    severityOf(line(message, 'Severity')),
    severityOf(line(help, 'Severity')),
    ...textsOf(properties, 'tags').map(severityOf),
    severityOf(/^(Critical|High|Medium|Low)\b/i.exec(textOf(objectOf(rule, 'shortDescription'), 'text') ?? '')?.[1]),
  ];
  const known = severities.filter((severity) => severity !== 'unknown');
  const item = packageOf(message, help, properties);
  const fixed = line(message, 'Fixed Version') ?? line(help, 'Fix Version');
  const suppression = objectsOf(result, 'suppressions').find(
    ({ status }) => status === undefined || status === 'accepted',
  );
  return {
    id: bareId(ruleId, item?.name),
    aliases: ruleId === bareId(ruleId, item?.name) ? [] : [ruleId],
    severity: known.length > 0 ? worst(known) : severityOfScore(Number.isNaN(score) ? undefined : score),
    ratings: known,
    ...(Number.isNaN(score) ? {} : { score }),
    ...(item === undefined ? {} : { package: item }),
    ...(fixed === undefined || fixed === '' ? {} : { fixedIn: fixed.split(/, ?/) }),
    knownExploited: false,
    ...(suppression === undefined ? {} : { suppressed: textOf(suppression, 'justification') ?? 'no reason given' }),
    pointer,
  };
}

/** Grype's rule ids are the vulnerability and the package: `CVE-2024-1-tar`. */
function bareId(ruleId: string, name: string | undefined): string {
  const match = /^(CVE-\d+-\d+|GHSA(?:-[0-9a-z]{4}){3})-(.+)$/i.exec(ruleId);
  return match !== null && (name === undefined || match[2] === name) ? (match[1] as string) : ruleId;
}

/** The rest of the line of a text that begins with a label. */
function line(text: string, label: string): string | undefined {
  const at = text.startsWith(`${label}:`) ? 0 : text.indexOf(`\n${label}:`) + 1;
  if (at === 0 && !text.startsWith(`${label}:`)) return undefined;
  const end = text.indexOf('\n', at);
  return text.slice(at + label.length + 1, end < 0 ? undefined : end).trim();
}

function packageOf(message: string, help: string, properties: JsonObject | undefined): FindingPackage | undefined {
  const name = line(message, 'Package') ?? line(help, 'Package');
  if (name === undefined) return undefined;
  const version = line(message, 'Installed Version') ?? line(help, 'Version');
  const [purl] = textsOf(properties, 'purls');
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(purl === undefined ? {} : { purl }),
  };
}
