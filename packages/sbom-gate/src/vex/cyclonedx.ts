import { type JsonObject, quote } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { objectOf, objectsOf, textOf } from '../json/members.js';
import { parsePurl } from '../purl/parse.js';
import { cyclonedxSubject } from '../sbom/cyclonedx.js';
import { checkLists, memberObject, memberObjects, memberText, type ParsedDocument } from '../sbom/parsed.js';
import type { VexDocument, VexProduct, VexStatement, VexStatus } from './document.js';

const statuses: ReadonlyMap<string, VexStatus> = new Map([
  ['not_affected', 'not_affected'],
  ['false_positive', 'not_affected'],
  ['resolved', 'fixed'],
  ['resolved_with_pedigree', 'fixed'],
  ['exploitable', 'affected'],
  ['in_triage', 'under_investigation'],
]);

const takesAway: ReadonlySet<VexStatus> = new Set(['not_affected', 'fixed']);

/** CycloneDX's justifications in the words of OpenVEX, where there are such; the others keep their name. */
const justifications: ReadonlyMap<string, string> = new Map([
  ['code_not_present', 'vulnerable_code_not_present'],
  ['code_not_reachable', 'vulnerable_code_not_in_execute_path'],
  ['protected_by_mitigating_control', 'inline_mitigations_already_exist'],
]);

/** Reads the analyses of a CycloneDX document (1.4 and later) as VEX; a vulnerability without one says nothing. */
export function readCyclonedxVex(document: ParsedDocument): VexDocument {
  const metadata = memberObject(document, 'metadata');
  const time = textOf(metadata, 'timestamp');
  checkLists(document, 'components');
  const purls = new Map<string, string>();
  for (const { ref, purl } of document.inventory.components) if (ref !== undefined) setOnce(purls, ref, purl ?? '');
  const root = objectOf(metadata, 'component');
  const rootRef = textOf(root, 'bom-ref');
  const subject = cyclonedxSubject(root);
  if (rootRef !== undefined)
    setOnce(purls, rootRef, subject.digests.length === 1 ? (subject.digests[0] as string) : '');
  return {
    class: 'vex',
    format: 'cyclonedx',
    formatVersion: memberText(document, 'specVersion') ?? '',
    statements: memberObjects(document, 'vulnerabilities').flatMap((item, i) =>
      readStatement(item, `/vulnerabilities/${i}`, time, purls),
    ),
    subject,
    warnings: [],
  };
}

function readStatement(
  item: JsonObject,
  pointer: string,
  documentTime: string | undefined,
  purls: ReadonlyMap<string, string>,
): readonly VexStatement[] {
  const analysis = objectOf(item, 'analysis');
  const state = textOf(analysis, 'state');
  if (state === undefined) return [];
  const status = statuses.get(state);
  const id = textOf(item, 'id');
  // A statement that is passed over might be the one that takes back an older one.
  if (id === undefined || status === undefined)
    throw new GateError('ERR_GATE_EVIDENCE', `CycloneDX: ${pointer} names no vulnerability, or no state that is known`);
  const justification = textOf(analysis, 'justification');
  const time = textOf(analysis, 'lastUpdated') ?? documentTime;
  return [
    {
      id,
      aliases: objectsOf(item, 'references').flatMap((reference) => textOf(reference, 'id') ?? []),
      status,
      ...(justification === undefined ? {} : { justification: justifications.get(justification) ?? justification }),
      ...(time === undefined ? {} : { time }),
      products: objectsOf(item, 'affects').map((affects) => readProduct(affects, purls, status)),
      pointer,
    },
  ];
}

/** VEX must be unambiguous to remove a finding: a reference of two components does not count. */
function setOnce(purls: Map<string, string>, ref: string, purl: string): void {
  const before = purls.get(ref);
  if (before !== undefined && before !== purl)
    throw new GateError('ERR_GATE_EVIDENCE', `CycloneDX: two components have the reference ${quote(ref)}`);
  purls.set(ref, purl);
}

/** A reference into this document, or a BOM link into another one whose fragment may be a package URL. */
function readProduct(affects: JsonObject, purls: ReadonlyMap<string, string>, status: VexStatus): VexProduct {
  const ref = textOf(affects, 'ref') ?? '';
  const fragment = /^urn:cdx:[^#]+#(.+)$/.exec(ref)?.[1];
  const own = purls.get(ref);
  if (takesAway.has(status) && !isOfVersion(affects, own ?? ref)) return { ids: [ref], subcomponents: [[]] };
  return {
    ids: [
      ref,
      ...(own === undefined || own === '' ? [] : [own]),
      ...(fragment === undefined ? [] : [decode(fragment)]),
    ],
    subcomponents: [],
  };
}

/** What is said of other versions alone, or of ranges, is not said of the component; without versions it is. */
function isOfVersion(affects: JsonObject, purl: string): boolean {
  const versions = objectsOf(affects, 'versions');
  const own = versionOf(purl);
  return (
    versions.length === 0 ||
    versions.some(
      (one) => own !== undefined && textOf(one, 'version') === own && textOf(one, 'status') === 'unaffected',
    )
  );
}

function versionOf(purl: string): string | undefined {
  try {
    return parsePurl(purl, { keys: 'any', typeRules: 'leave' }).version;
  } catch {
    return undefined;
  }
}

function decode(fragment: string): string {
  // A package URL stands encoded as a whole, or as it is.
  if (fragment.startsWith('pkg:')) return fragment;
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
