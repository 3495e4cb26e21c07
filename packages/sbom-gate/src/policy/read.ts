import { defined, isJsonObject, type JsonObject, parseTime, quote } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import { GateError } from '../errors.js';
import { numberOf, objectOf, objectsOf, textOf, textsOf } from '../json/members.js';
import { parsePurl } from '../purl/parse.js';
import { defaultSbomFormats } from '../sbom/formats.js';
import { schemeOfType } from '../versions/schemes.js';
import { parseVers, unreadableVersions, type VersionRange } from '../versions/vers.js';
import type { SchemaProblem } from './check-schema.js';
import type {
  GateException,
  GateLimits,
  GateOutput,
  GatePolicy,
  GateSigner,
  LicensePolicy,
  MaterialPolicy,
  PackageRule,
  ProvenancePolicy,
  RuleAction,
  SbomPolicy,
  ScanPolicy,
  SourceRule,
  SummaryPolicy,
  VexPolicy,
} from './document.js';

/** The policy in a document that matches the schema; what the schema cannot say goes into `problems`. */
export function readPolicy(document: JsonObject, problems: SchemaProblem[]): Omit<GatePolicy, 'digest' | 'warnings'> {
  const trust = objectOf(document, 'trustPolicy');
  const image = objectOf(document, 'image');
  const platforms = image?.['platforms'] === 'all' ? [] : textsOf(image, 'platforms');
  return {
    version: '1.0',
    name: textOf(document, 'name') ?? '',
    ...(trust === undefined ? {} : { trustPolicy: readTrust(trust) }),
    signers: new Map(
      Object.entries(objectOf(document, 'signers') ?? {}).map(([k, v]) => [k, readSigner(v as JsonObject)]),
    ),
    image: { signedBy: textsOf(image, 'signedBy'), platforms: platforms.length === 0 ? 'all' : platforms },
    ...optional('sbom', objectOf(document, 'sbom'), (block) => readSbom(block, problems)),
    ...optional('scan', objectOf(document, 'scan'), readScan),
    ...optional('vex', objectOf(document, 'vex'), readVex),
    ...optional('provenance', objectOf(document, 'provenance'), readProvenanceRules),
    ...optional('summary', objectOf(document, 'summary'), readSummary),
    exceptions: objectsOf(document, 'exceptions').map((item, i) => readException(item, `/exceptions/${i}`, problems)),
    limits: readLimits(objectOf(document, 'limits')),
    output: readOutput(objectOf(document, 'output')),
  };
}

function optional<K extends string, V>(
  key: K,
  block: JsonObject | undefined,
  read: (block: JsonObject) => V,
): { [P in K]?: V } {
  return block === undefined ? {} : ({ [key]: read(block) } as { [P in K]?: V });
}

function readTrust(block: JsonObject): { path: string; digest?: Digest } {
  const digest = textOf(block, 'digest') as Digest | undefined;
  return { path: textOf(block, 'path') ?? '', ...defined({ digest }) };
}

function readSigner(block: JsonObject): GateSigner {
  return {
    trustPolicy: textOf(block, 'trustPolicy') ?? '',
    minSignatures: numberOf(block, 'minSignatures') ?? 1,
    requireTimestamp: block['requireTimestamp'] === true,
  };
}

/** The text of a member that the schema has limited to these words. */
function word<T extends string>(block: JsonObject | undefined, name: string, otherwise: T): T {
  return (textOf(block, name) as T | undefined) ?? otherwise;
}

function words<T extends string>(block: JsonObject | undefined, name: string, otherwise: readonly T[]): readonly T[] {
  return block?.[name] === undefined ? otherwise : (textsOf(block, name) as readonly T[]);
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `7d`. */
function duration<K extends string>(block: JsonObject, name: K): { [P in K]?: number } {
  const text = textOf(block, name);
  if (text === undefined) return {};
  return { [name]: Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? 0) } as { [P in K]?: number };
}

function readSbom(block: JsonObject, problems: SchemaProblem[]): SbomPolicy {
  const licenses = objectOf(block, 'licenses');
  const rules = (name: string): PackageRule[] =>
    objectsOf(block, name).map((rule, i) => readPackageRule(rule, `/sbom/${name}/${i}`, problems));
  return {
    signedBy: textsOf(block, 'signedBy'),
    formats: words(block, 'formats', defaultSbomFormats),
    binding: word(block, 'binding', 'subject'),
    select: word(block, 'select', 'union'),
    allowEmpty: block['allowEmpty'] === true,
    ...duration(block, 'maxAge'),
    requirePackages: rules('requirePackages'),
    blockPackages: rules('blockPackages'),
    ...(licenses === undefined ? {} : { licenses: readLicenses(licenses, problems) }),
  };
}

function readLicenses(block: JsonObject, problems: SchemaProblem[]): LicensePolicy {
  return {
    field: word(block, 'field', 'concluded-then-declared'),
    ...(block['allow'] === undefined ? {} : { allow: textsOf(block, 'allow') }),
    block: textsOf(block, 'block'),
    unknown: word<RuleAction>(block, 'unknown', 'warn'),
    exceptPackages: objectsOf(block, 'exceptPackages').map((rule, i) =>
      readPackageRule(rule, `/sbom/licenses/exceptPackages/${i}`, problems),
    ),
  };
}

/** Reads a rule; a package URL without type, an unknown version scheme or a bad range is an error of the policy. */
export function readPackageRule(rule: JsonObject, pointer: string, problems: SchemaProblem[]): PackageRule {
  const [purl, name, type, reason] = ['purl', 'name', 'type', 'reason'].map((member) => textOf(rule, member));
  const text = textOf(rule, 'versions');
  const attempt = <T>(member: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof GateError)) throw error;
      problems.push({ pointer: `${pointer}/${member}`, message: error.message });
      return undefined;
    }
  };
  const parsed = purl === undefined ? undefined : attempt('purl', () => parsePurl(purl, { typeRules: 'leave' }));
  if (parsed?.version !== undefined)
    problems.push({ pointer: `${pointer}/purl`, message: 'expected a package URL without version; use "versions"' });
  const versions = text === undefined ? undefined : attempt('versions', () => parseVers(text));
  const [unreadable] = versions === undefined || versions.any ? [] : unreadableVersions(versions);
  if (unreadable !== undefined)
    problems.push({
      pointer: `${pointer}/versions`,
      message: `expected versions of the scheme, found ${quote(unreadable)}`,
    });
  checkScheme(versions, parsed?.type ?? type, `${pointer}/versions`, problems);
  return {
    id: textOf(rule, 'id') ?? purl ?? name ?? pointer,
    ...defined({ purl, name, type, versions }),
    includeUpstream: rule['includeUpstream'] === true,
    ...defined({ reason }),
    pointer,
  };
}

function checkScheme(
  versions: VersionRange | undefined,
  type: string | undefined,
  pointer: string,
  problems: SchemaProblem[],
): void {
  if (versions === undefined || type === undefined || ['all', 'none'].includes(versions.scheme)) return;
  const expected = schemeOfType(type);
  if (expected !== versions.scheme)
    problems.push({ pointer, message: `expected a range vers:${expected}/… for packages of type ${type}` });
}

function readScan(block: JsonObject): ScanPolicy {
  const scanners = textsOf(block, 'scanners');
  const rules = objectOf(block, 'block');
  const severity = textOf(rules, 'severityAtOrAbove') as ScanPolicy['block']['severityAtOrAbove'];
  return {
    signedBy: textsOf(block, 'signedBy'),
    formats: words(block, 'formats', ['trivy', 'grype', 'snyk', 'cyclonedx', 'in-toto-vulns', 'cosign-vuln']),
    ...(scanners.length === 0 ? {} : { scanners }),
    combine: word(block, 'combine', 'newest-per-scanner'),
    binding: word(block, 'binding', 'subject'),
    maxAge: 0,
    ...duration(block, 'maxAge'),
    ...duration(block, 'dbMaxAge'),
    clockSkew: 300_000,
    ...duration(block, 'clockSkew'),
    timeEvidence: word(block, 'timeEvidence', 'signed-content'),
    block: {
      ...defined({ severityAtOrAbove: severity }),
      knownExploited: rules?.['knownExploited'] === true,
      onlyFixable: rules?.['onlyFixable'] === true,
      ids: textsOf(rules, 'ids'),
      unknownSeverity: word<RuleAction>(rules, 'unknownSeverity', 'warn'),
    },
    severitySource: word(block, 'severitySource', 'reported'),
    requireCoverage: words(block, 'requireCoverage', ['os']),
    endOfLifeOs: word<RuleAction>(block, 'endOfLifeOs', 'deny'),
    suppressedByScanner: word<RuleAction>(block, 'suppressedByScanner', 'warn'),
    onMissing: word(block, 'onMissing', 'deny'),
    onStale: word(block, 'onStale', 'deny'),
  };
}

function readVex(block: JsonObject): VexPolicy {
  return {
    signedBy: textsOf(block, 'signedBy'),
    formats: words(block, 'formats', ['openvex', 'cyclonedx', 'csaf']),
    acceptStatuses: words(block, 'acceptStatuses', ['not_affected', 'fixed']),
    ...(block['acceptJustifications'] === undefined
      ? {}
      : { acceptJustifications: textsOf(block, 'acceptJustifications') }),
    ...duration(block, 'maxAge'),
  };
}

function readProvenanceRules(block: JsonObject): ProvenancePolicy {
  const sources = objectsOf(block, 'sources');
  const materials = objectOf(block, 'materials');
  return {
    signedBy: textsOf(block, 'signedBy'),
    formats: words(block, 'formats', ['slsa-0.2', 'slsa-1']),
    binding: word(block, 'binding', 'subject'),
    ...someTexts(block, 'builders'),
    ...someTexts(block, 'buildTypes'),
    ...(sources.length === 0 ? {} : { sources: sources.map(readSource) }),
    ...(materials === undefined ? {} : { materials: readMaterials(materials) }),
    baseImages: word(block, 'baseImages', 'any'),
  };
}

function readSource(item: JsonObject): SourceRule {
  return { repository: textOf(item, 'repository') ?? '', ...someTexts(item, 'refs'), ...someTexts(item, 'revisions') };
}

function readMaterials(block: JsonObject): MaterialPolicy {
  return {
    ...someTexts(block, 'allow'),
    block: textsOf(block, 'block'),
    unpinned: word<RuleAction>(block, 'unpinned', 'deny'),
    incomplete: word<RuleAction>(block, 'incomplete', 'warn'),
  };
}

/** A list that means "any" where it is not given. */
function someTexts<K extends string>(block: JsonObject, name: K): { [P in K]?: readonly string[] } {
  return block[name] === undefined ? {} : ({ [name]: textsOf(block, name) } as { [P in K]?: readonly string[] });
}

function readSummary(block: JsonObject): SummaryPolicy {
  return {
    signedBy: textsOf(block, 'signedBy'),
    verifiers: textsOf(block, 'verifiers'),
    maxAge: 0,
    ...duration(block, 'maxAge'),
  };
}

function readException(item: JsonObject, pointer: string, problems: SchemaProblem[]): GateException {
  const approvedBy = textOf(item, 'approvedBy');
  return {
    id: textOf(item, 'id') ?? '',
    rule: word(item, 'rule', 'vulnerability'),
    packages: objectsOf(item, 'packages').map((rule, i) => readPackageRule(rule, `${pointer}/packages/${i}`, problems)),
    images: textsOf(item, 'images'),
    reason: textOf(item, 'reason') ?? '',
    ...defined({ approvedBy }),
    expires: parseTime(textOf(item, 'expires') ?? ''),
  };
}

function readLimits(block: JsonObject | undefined): GateLimits {
  return {
    documentBytes: numberOf(block, 'documentBytes') ?? 128 * 1024 * 1024,
    depth: numberOf(block, 'depth') ?? 256,
    items: numberOf(block, 'items') ?? 500_000,
    referrers: numberOf(block, 'referrers') ?? 200,
  };
}

function readOutput(block: JsonObject | undefined): GateOutput {
  const verifierId = textOf(block, 'verifierId');
  const promote = objectOf(block, 'promote');
  return {
    attestation: word(block, 'attestation', 'none'),
    ...defined({ verifierId }),
    ...(isJsonObject(promote)
      ? { promote: { signWith: textOf(promote, 'signWith') ?? '', evidence: word(promote, 'evidence', 'used') } }
      : {}),
  };
}
