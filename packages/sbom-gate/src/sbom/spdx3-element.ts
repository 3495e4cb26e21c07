import { type JsonObject, type JsonValue, quote } from '@notarykit/common';
import { GateError } from '../errors.js';
import { textOf } from '../json/members.js';

/** Types of elements that are packages. */
export const packageTypes: ReadonlySet<string> = new Set([
  'software_Package',
  'ai_AIPackage',
  'dataset_DatasetPackage',
]);

const members = new Set([
  'spdxId',
  '@id',
  'type',
  '@type',
  'name',
  'specVersion',
  'created',
  'createdUsing',
  'creationInfo',
  'from',
  'to',
  'relationshipType',
  'completeness',
  'scope',
  'rootElement',
  'import',
  'imports',
  'externalIdentifier',
  'externalIdentifierType',
  'identifier',
  'verifiedUsing',
  'software_packageVersion',
  'software_packageUrl',
  'software_primaryPurpose',
  'simplelicensing_licenseExpression',
  'expandedlicensing_subject',
  'expandedlicensing_member',
]);
const dropped =
  /^(software_File|software_Snippet|software_ContentIdentifier|Annotation|Person|Organization|Agent|SoftwareAgent)$/;
const relations = /^(has_?declared_?license|has_?concluded_?license|describes|amended_?by)$/i;

/** Keeps what an element of an SPDX 3 graph says about packages, licences, roots and completeness. */
export function keepSpdx3Element(element: JsonObject, into: JsonObject[]): void {
  const type = oneOf(element, 'type', '@type');
  if (type === undefined || dropped.test(type)) return;
  if (/package/i.test(type) && !packageTypes.has(type))
    throw new GateError('ERR_GATE_EVIDENCE', `SPDX: ${quote(type)} is no type of a package`);
  if (/Relationship$/.test(type) && !isRelevant(element)) return;
  const kept = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of Object.entries(element)) if (members.has(name)) kept[name] = value as JsonValue;
  kept['type'] = type;
  into.push(kept);
}

/** A member that has two names; two that differ are no element that could be judged. */
function oneOf(element: JsonObject, name: string, alias: string): string | undefined {
  const [first, second] = [textOf(element, name), textOf(element, alias)];
  if (first !== undefined && second !== undefined && first !== second)
    throw new GateError(
      'ERR_GATE_EVIDENCE',
      `SPDX: an element has ${name} ${quote(first)} and ${alias} ${quote(second)}`,
    );
  return first ?? second;
}

function isRelevant(element: JsonObject): boolean {
  const type = element['relationshipType'];
  return (typeof type === 'string' && relations.test(type)) || element['completeness'] === 'incomplete';
}
