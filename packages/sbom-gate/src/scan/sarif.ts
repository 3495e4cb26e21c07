import { isJsonArray, type JsonObject, quote } from '@notarykit/common/internal';
import { amountOf, flagOf, numberOf, objectOf, objectsOf, textOf, textsOf } from '../json/members.js';
import { memberObjects, memberText, type ParsedDocument } from '../sbom/parsed.js';
import { subjectOf } from '../sbom/subject.js';
import type { Finding, FindingPackage, ReportTime, ScanReport, Severity } from './report.js';
import { highestScore, severityOf, severityOfScore, worst } from './severity.js';

/** Whether a document is a SARIF 2.1.0 log. */
export function isSarif(document: ParsedDocument): boolean {
  return document.names.has('runs') && memberText(document, 'version') === '2.1.0';
}

/** Drivers that look for vulnerabilities in packages; the log of any other tool is not a scan. */
const scanners: readonly (readonly [RegExp, string])[] = [
  [/^trivy$/i, 'trivy'],
  [/^grype$/i, 'grype'],
  [/^snyk /i, 'snyk'],
];

/** Reads a SARIF log of Trivy, Grype or Snyk: every run, the package from the result, the worse of two severities. */
export function readSarif(document: ParsedDocument): ScanReport {
  const runs = memberObjects(document, 'runs');
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
    ...(document.names.has('inlineExternalProperties') ? elsewhere : failureOf(runs, names)),
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

/** Results need not appear in their run (SARIF 2.1.0, sections 3.14.2 and 3.13.6). */
const elsewhere: Pick<ScanReport, 'failed'> = { failed: 'parts of a run stand elsewhere, and are not looked at' };

type Failure = Pick<ScanReport, 'failed' | 'failure'>;

/** The standard does not say where a package and its version stand: only what is known of a tool can be read. */
function unreadTool(runs: readonly JsonObject[], names: readonly (string | undefined)[]): Failure | undefined {
  const unknown = names.indexOf(undefined);
  if (unknown < 0) return undefined;
  const name = textOf(objectOf(objectOf(runs[unknown], 'tool'), 'driver'), 'name') ?? '';
  const reason = `of SARIF, packages are read from logs of Trivy, Grype and Snyk Container; this one is of ${quote(name)}`;
  return { failed: reason, failure: 'SCAN_TOOL_UNSUPPORTED' };
}

/** `results: null` means that the tool did not get to an analysis (SARIF 2.1.0, section 3.14.23). */
function failureOf(runs: readonly JsonObject[], names: readonly (string | undefined)[]): Failure {
  const failed = (text: string): Failure => ({ failed: text });
  const tools = unreadTool(runs, names);
  if (runs.length === 0) return failed('the log has no run');
  if (tools !== undefined) return tools;
  if (new Set(names).size > 1) return failed('the runs are of different tools');
  for (const run of runs) {
    const { results, externalPropertyFileReferences: outside } = run;
    if (outside !== undefined) return elsewhere;
    if (!isJsonArray(results)) return failed('a run has no results: the tool did not finish');
    if (objectsOf(run, 'invocations').some((one) => flagOf(one, 'executionSuccessful') === false))
      return failed('a run says that its tool failed');
  }
  return {};
}

/** Kinds of results that say that there is nothing; one that is open, or unknown, is a finding. */
const noFinding: ReadonlySet<string> = new Set(['pass', 'notApplicable', 'informational']);

function readRun(run: JsonObject, pointer: string): readonly Finding[] {
  const list = objectsOf(objectOf(objectOf(run, 'tool'), 'driver'), 'rules').map(readRule);
  const byId = new Map<string, SarifRule>();
  for (const rule of list) byId.set(rule.id, together(byId.get(rule.id), rule));
  return objectsOf(run, 'results').flatMap((result, i) => {
    if (noFinding.has(textOf(result, 'kind') ?? 'fail') || textOf(result, 'baselineState') === 'absent') return [];
    const index = numberOf(result, 'ruleIndex');
    const listed = index === undefined ? undefined : list[index];
    const id = textOf(result, 'ruleId') ?? listed?.id ?? '';
    // A result may point at its rule by name and by place: every rule that it could mean counts.
    const named = byId.get(id);
    const rules = [
      ...(named === undefined ? [] : [named]),
      ...(listed === undefined || listed.id === id ? [] : [listed]),
    ];
    return [readResult(result, rules, id, `${pointer}/results/${i}`)];
  });
}

/** What a rule says about its results, read once for all of them. */
interface SarifRule {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly severities: readonly Severity[];
  readonly score?: number;
  readonly package?: FindingPackage;
  readonly fixed?: string;
}

/** Of two rules of one name the worse is meant, and no package. */
function together(a: SarifRule | undefined, b: SarifRule): SarifRule {
  if (a === undefined) return b;
  const scores = [a, b].flatMap(({ score }) => score ?? []);
  return {
    id: b.id,
    aliases: [...new Set([...a.aliases, ...b.aliases])],
    severities: [...new Set([...a.severities, ...b.severities])],
    ...highestScore(scores),
  };
}

function readRule(rule: JsonObject): SarifRule {
  const help = textOf(objectOf(rule, 'help'), 'text') ?? '';
  const properties = objectOf(rule, 'properties');
  const score = amountOf(properties, 'security-severity');
  const title = textOf(objectOf(rule, 'shortDescription'), 'text') ?? '';
  const fixed = line(help, 'Fix Version');
  const found = packageOf(help, 'Version', textsOf(properties, 'purls'));
  return {
    id: textOf(rule, 'id') ?? '',
    aliases: aliasesOf(rule),
    severities: [
      ...new Set([
        ...severitiesIn(help),
        ...textsOf(properties, 'tags').map(severityOf),
        severityOf(/^(Critical|High|Medium|Low)\b/i.exec(title)?.[1]),
      ]),
    ],
    ...(score === undefined ? {} : { score }),
    ...(found === undefined ? {} : { package: found }),
    ...(fixed === undefined ? {} : { fixed }),
  };
}

/** Snyk has its own ids, and begins a description with the others: `(CVE-2016-3189) bzip2@1.0.6-8.1`. */
function aliasesOf(rule: JsonObject): readonly string[] {
  const text = textOf(objectOf(rule, 'fullDescription'), 'text') ?? '';
  const [, listed = ''] = /^\(([^()]{1,1000})\)/.exec(text) ?? [];
  return listed.match(/\b(?:CVE-\d+-\d+|GHSA(?:-[0-9a-z]{4}){3})\b/gi) ?? [];
}

function readResult(result: JsonObject, rules: readonly SarifRule[], ruleId: string, pointer: string): Finding {
  const message = textOf(objectOf(result, 'message'), 'text') ?? '';
  const [only] = rules.length === 1 ? rules : [];
  const scores = rules.flatMap(({ score }) => score ?? []);
  const known = [...severitiesIn(message), ...rules.flatMap(({ severities }) => severities)].filter(
    (severity) => severity !== 'unknown',
  );
  const purls = only?.package?.purl === undefined ? [] : [only.package.purl];
  const item = packageOf(message, 'Installed Version', purls) ?? only?.package;
  const fixed = line(message, 'Fixed Version') ?? only?.fixed;
  const suppression = objectsOf(result, 'suppressions').find(
    (one) => (textOf(one, 'status') ?? 'accepted') === 'accepted',
  );
  const { score } = highestScore(scores);
  return {
    id: bareId(ruleId, item?.name),
    aliases: [
      ...new Set([...(ruleId === bareId(ruleId, item?.name) ? [] : [ruleId]), ...rules.flatMap((one) => one.aliases)]),
    ],
    severity: known.length > 0 ? worst(known) : severityOfScore(score),
    ratings: [...new Set(known)],
    ...(score === undefined ? {} : { score }),
    ...(item === undefined ? {} : { package: item }),
    ...(fixed === '' ? {} : { fixedIn: fixed?.split(/, ?/) ?? [] }),
    knownExploited: false,
    ...(suppression === undefined ? {} : { suppressed: textOf(suppression, 'justification') ?? 'no reason given' }),
    pointer,
  };
}

/** Every severity that a text gives in its own lines; the worst of them counts. */
function severitiesIn(text: string): readonly Severity[] {
  return [...new Set(linesOf(text, 'Severity').map(severityOf))];
}

/** Grype's rule ids are the vulnerability and the package: `CVE-2024-1-tar`. */
function bareId(ruleId: string, name: string | undefined): string {
  const match = /^(CVE-\d+-\d+|GHSA(?:-[0-9a-z]{4}){3})-(.+)$/i.exec(ruleId);
  return match !== null && (name === undefined || match[2] === name) ? (match[1] as string) : ruleId;
}

/** What stands behind a label at the beginning of a line, for each such line. */
function linesOf(text: string, label: string): readonly string[] {
  const found: string[] = [];
  const mark = `${label}:`;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    if (at > 0 && text.charAt(at - 1) !== '\n') continue;
    const end = text.indexOf('\n', at);
    found.push(text.slice(at + mark.length, end < 0 ? undefined : end).trim());
    if (end < 0) break;
    at = end - mark.length;
  }
  return found;
}

/** The one line with a label; of several it is not known which is meant. */
function line(text: string, label: string): string | undefined {
  const [only, ...more] = new Set(linesOf(text, label));
  return more.length === 0 ? only : undefined;
}

/** The package that a text names; its package URL only where there is one. */
function packageOf(text: string, versionLabel: string, purls: readonly string[]): FindingPackage | undefined {
  const name = line(text, 'Package');
  if (name === undefined) return undefined;
  const version = line(text, versionLabel);
  const [purl, ...more] = new Set(purls);
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(purl === undefined || more.length > 0 ? {} : { purl }),
  };
}
