import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common/internal';
import { partsOfPlatform } from '@notarykit/oci/internal';
import { flagOf, listOf, numberOf, objectOf, objectsOf, textOf, textsOf } from '../json/members.js';
import { memberObjects, membersOf, type ParsedDocument } from '../sbom/parsed.js';
import { subjectOf } from '../sbom/subject.js';
import type { Finding, FindingPackage, ScanReport } from './report.js';
import { severityOf, severityOfScore } from './severity.js';

/** Whether a document is Snyk's: one project, or a list of such. */
export function isSnyk(document: ParsedDocument): boolean {
  if (document.names.has('vulnerabilities'))
    return document.names.has('packageManager') || document.names.has('dependencyCount');
  const projects = document.lists.get('');
  return document.names.size === 0 && projects !== undefined && projects.length > 0 && projects.every(isProject);
}

function isProject(value: JsonValue): boolean {
  return (
    isJsonObject(value) &&
    isJsonArray(value['vulnerabilities']) &&
    ('packageManager' in value || 'dependencyCount' in value)
  );
}

/** Reads Snyk container JSON: the operating system, its `applications`, and further projects of a list. */
export function readSnyk(document: ParsedDocument): ScanReport {
  const single = document.names.has('vulnerabilities');
  const projects = single ? [asProject(document)] : memberObjects(document, '');
  const prefix = (i: number): string => (single ? '' : `/${i}`);
  const parts = projects.flatMap((project, i) => [
    { project, pointer: prefix(i) },
    ...objectsOf(project, 'applications').map((application, j) => ({
      project: application,
      pointer: `${prefix(i)}/applications/${j}`,
    })),
  ]);
  const paths = projects.map((project) => textOf(project, 'path'));
  return {
    class: 'scan',
    format: 'snyk',
    formatVersion: '',
    scanner: { name: 'snyk' },
    times: [],
    subject: subjectOf({
      references: paths,
      names: paths,
      platforms: projects.map((project) => partsOfPlatform(textOf(project, 'platform') ?? '')),
    }),
    findings: parts.flatMap(({ project, pointer }) => readFindings(project, pointer)),
    suppressed: parts.flatMap(({ project, pointer }) => readFiltered(project, pointer)),
    coverage: coverageOf(parts.map(({ project }) => project)),
    ...failureOf(parts.map(({ project }) => project)),
    filtersKnown: projects.every((project) => 'policy' in project || 'filtered' in project),
    warnings: [],
  };
}

/** A single project, put back together out of its members. */
function asProject(document: ParsedDocument): JsonObject {
  return {
    ...membersOf(document),
    vulnerabilities: memberObjects(document, 'vulnerabilities'),
    applications: memberObjects(document, 'applications'),
  };
}

const systems = /^(deb|rpm|apk|linux)(:|$)|^(debian|ubuntu|alpine|centos|rhel|amzn|sles|oracle|wolfi|chainguard)/;

function coverageOf(projects: readonly JsonObject[]): ScanReport['coverage'] {
  const managers = projects.map((project) => ({
    name: textOf(project, 'packageManager') ?? '',
    count: numberOf(project, 'dependencyCount') ?? 0,
  }));
  const os = managers.find(({ name, count }) => systems.test(name) && count > 0);
  const language = managers.some(({ name, count }) => name !== '' && !systems.test(name) && count > 0);
  return {
    os: os === undefined ? 'no' : 'yes',
    language: language ? 'yes' : 'no',
    ...(os === undefined ? {} : { osName: os.name }),
    endOfLife: false,
  };
}

function failureOf(projects: readonly JsonObject[]): Pick<ScanReport, 'failed'> {
  if (projects.some((project) => textOf(project, 'error') !== undefined))
    return { failed: 'the scanner reports an error' };
  const readable = projects.every(({ vulnerabilities }) => isJsonArray(vulnerabilities));
  return readable ? {} : { failed: 'vulnerabilities is not a list of objects' };
}

function readFindings(project: JsonObject, pointer: string): readonly Finding[] {
  const manager = textOf(project, 'packageManager');
  return objectsOf(project, 'vulnerabilities').flatMap((item, i) =>
    textOf(item, 'type') === 'license' ? [] : [readFinding(item, `${pointer}/vulnerabilities/${i}`, manager)],
  );
}

function readFiltered(project: JsonObject, pointer: string): readonly Finding[] {
  const filtered = objectOf(project, 'filtered');
  return ['ignore', 'patch'].flatMap((name) =>
    objectsOf(filtered, name).map((item, i) => ({
      ...readFinding(item, `${pointer}/filtered/${name}/${i}`, textOf(project, 'packageManager')),
      suppressed: `${name} of the Snyk policy`,
    })),
  );
}

const purlTypes: ReadonlyMap<string, string> = new Map([
  ['gomodules', 'golang'],
  ['pip', 'pypi'],
  ['poetry', 'pypi'],
  ['rubygems', 'gem'],
  ['yarn', 'npm'],
  ['gradle', 'maven'],
]);

function readFinding(item: JsonObject, pointer: string, project: string | undefined): Finding {
  const identifiers = objectOf(item, 'identifiers');
  const score = numberOf(item, 'cvssScore');
  const fixed = [
    ...textsOf(item, 'fixedIn'),
    ...[textOf(item, 'nearestFixedInVersion')].filter((text) => text !== undefined),
  ];
  const exploit = textOf(item, 'exploit')?.toLowerCase();
  return {
    id: textOf(item, 'id') ?? '',
    aliases: ['CVE', 'GHSA', 'ALTERNATIVE'].flatMap((name) => textsOf(identifiers, name)),
    severity: severityOf(textOf(item, 'severity')),
    ratings: [
      severityOf(textOf(item, 'nvdSeverity')),
      severityOf(textOf(item, 'severityWithCritical')),
      severityOfScore(score),
    ],
    ...(score === undefined ? {} : { score }),
    package: packageOf(item, project),
    ...(fixed.length === 0 && !isFixable(item) ? {} : { fixedIn: [...new Set(fixed)] }),
    knownExploited: exploit === 'high' || exploit === 'attacked' || listOf(item, 'knownExploited').length > 0,
    pointer,
  };
}

/** Whether there is a fix that has no version of this package, but a version of what brought it, or a patch. */
function isFixable(item: JsonObject): boolean {
  return flagOf(item, 'isUpgradable') === true || flagOf(item, 'isPatchable') === true;
}

/** `source/binary` in the name of a package of a distribution. */
function packageOf(item: JsonObject, project: string | undefined): FindingPackage {
  const full = textOf(item, 'name') ?? textOf(item, 'packageName') ?? '';
  const manager = (textOf(item, 'packageManager') ?? project ?? '').split(':')[0] ?? '';
  const version = textOf(item, 'version');
  const source = textOf(item, 'packageName');
  const system = systems.test(manager);
  const name = system ? full.slice(full.lastIndexOf('/') + 1) : full;
  const type = /^(debian|ubuntu)/.test(manager)
    ? 'deb'
    : /^alpine/.test(manager)
      ? 'apk'
      : (purlTypes.get(manager) ?? manager);
  return {
    name,
    ...(type === '' || type === 'linux' ? {} : { type }),
    ...(version === undefined ? {} : { version }),
    ...(source === undefined || source === name ? {} : { upstream: [{ name: source }] }),
  };
}
