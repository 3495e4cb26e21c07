import { CodecError, type JsonObject } from '@notarykit/common/internal';
import { amountOf, objectOf, objectsOf, textOf } from '../json/members.js';
import { addTo } from '../multi-map.js';
import { cyclonedxSubject, cyclonedxTools } from '../sbom/cyclonedx.js';
import { checkLists, memberObject, memberObjects, memberText, type ParsedDocument } from '../sbom/parsed.js';
import type { Finding, FindingPackage, ScanReport, Severity } from './report.js';
import { highestScore, severityOf, severityOfScore, worst } from './severity.js';

/** Reads the vulnerabilities of a CycloneDX document (1.4 and later, or the extension before) as a scan report. */
export function readCyclonedxScan(document: ParsedDocument): ScanReport {
  const metadata = memberObject(document, 'metadata');
  const [tool] = cyclonedxTools(metadata);
  const time = textOf(metadata, 'timestamp');
  const packages = packagesByRef(document);
  checkLists(document, 'components');
  const findings = memberObjects(document, 'vulnerabilities').flatMap((item, i) =>
    readVulnerability(item, `/vulnerabilities/${i}`, packages, tellsFixes(tool)),
  );
  return {
    class: 'scan',
    format: 'cyclonedx',
    formatVersion: memberText(document, 'specVersion') ?? '',
    scanner: tool ?? { name: '' },
    times: time === undefined ? [] : [{ text: time, source: 'metadata.timestamp' }],
    subject: cyclonedxSubject(objectOf(metadata, 'component')),
    findings,
    suppressed: [],
    coverage: { os: 'unknown', language: 'unknown', endOfLife: false },
    ...(hasList(document) ? {} : { failed: 'the document has no list of vulnerabilities' }),
    filtersKnown: false,
    warnings: [],
  };
}

/** `null` in its place is not a list: what found nothing writes an empty one. */
function hasList({ lists, values }: ParsedDocument): boolean {
  return lists.has('vulnerabilities') && !values.has('vulnerabilities');
}

/** Components by what findings call them: the pointer of their reference in the document. A reference may have several. */
function packagesByRef(document: ParsedDocument): ReadonlyMap<string, readonly FindingPackage[]> {
  const packages = new Map<string, FindingPackage[]>();
  for (const { ref, name, namespace, version, purl, upstream } of document.inventory.components) {
    if (ref === undefined) continue;
    addTo(packages, ref, {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(version === undefined ? {} : { version }),
      ...(purl === undefined ? {} : { purl }),
      ...(upstream === undefined ? {} : { upstream }),
    });
  }
  return packages;
}

/** One finding for each thing that is affected. */
function readVulnerability(
  item: JsonObject,
  pointer: string,
  packages: ReadonlyMap<string, readonly FindingPackage[]>,
  tellsFixes: boolean,
): readonly Finding[] {
  const ratings = objectsOf(item, 'ratings').filter((rating) => textOf(rating, 'method') !== 'EPSS');
  // One finding for each thing that is affected, and they share all of this: what repeats is kept once.
  const severities = [...new Set(ratings.map(ratingSeverity))];
  const scores = ratings.filter(isCvss).flatMap((rating) => amountOf(rating, 'score') ?? []);
  const base = {
    id: textOf(item, 'id') ?? '',
    aliases: aliasesOf(item),
    severity: worst(severities),
    ratings: severities,
    ...highestScore(scores),
    ...fixOf(item, tellsFixes),
    knownExploited: ratings.some((rating) =>
      /kev|known exploited/i.test(textOf(objectOf(rating, 'source'), 'name') ?? ''),
    ),
    ...assessmentOf(item),
    pointer,
  };
  const affected = objectsOf(item, 'affects').flatMap<FindingPackage | undefined>(
    (affects) => packages.get(textOf(affects, 'ref') ?? '') ?? [undefined],
  );
  if (affected.length === 0) return [base];
  return affected.map((one) => ({ ...base, ...(one === undefined ? {} : { package: one }) }));
}

const mostAliases = 1000;

function aliasesOf(item: JsonObject): readonly string[] {
  const aliases = new Set(objectsOf(item, 'references').flatMap((reference) => textOf(reference, 'id') ?? []));
  if (aliases.size > mostAliases)
    throw new CodecError('ERR_CODEC_LIMIT', `CycloneDX: a vulnerability has at most ${mostAliases} references`);
  return [...aliases];
}

function ratingSeverity(rating: JsonObject): Severity {
  const word = severityOf(textOf(rating, 'severity'));
  if (word !== 'unknown' || !isCvss(rating)) return word;
  return severityOfScore(amountOf(rating, 'score'), /CVSSv2/.test(textOf(rating, 'method') ?? '') ? 2 : 3);
}

function isCvss(rating: JsonObject): boolean {
  return /^CVSS/.test(textOf(rating, 'method') ?? 'CVSS');
}

/** Trivy recommends a version where there is one. Of the others, Grype among them, this is not known. */
function tellsFixes(tool: ScanReport['scanner'] | undefined): boolean {
  return tool?.name.toLowerCase() === 'trivy';
}

function fixOf(item: JsonObject, tellsFixes: boolean): Pick<Finding, 'fixedIn'> {
  const versions = objectsOf(item, 'affects')
    .flatMap((affects) => objectsOf(affects, 'versions'))
    .filter((version) => textOf(version, 'status') === 'unaffected')
    .flatMap((version) => textOf(version, 'version') ?? []);
  if (versions.length > 0) return { fixedIn: versions };
  const recommendation = textOf(item, 'recommendation');
  if (recommendation !== undefined) return { fixedIn: [recommendation] };
  return tellsFixes ? {} : { fixedIn: [] };
}

function assessmentOf(item: JsonObject): Pick<Finding, 'assessed'> {
  const state = textOf(objectOf(item, 'analysis'), 'state');
  return state === undefined ? {} : { assessed: state };
}
