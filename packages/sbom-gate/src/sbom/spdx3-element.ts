import type { JsonObject, JsonValue } from '@notarykit/common';

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
  const type = element['type'] ?? element['@type'];
  if (typeof type !== 'string' || dropped.test(type)) return;
  if (/Relationship$/.test(type) && !isRelevant(element)) return;
  const kept = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of Object.entries(element)) if (members.has(name)) kept[name] = value as JsonValue;
  kept['type'] = type;
  into.push(kept);
}

function isRelevant(element: JsonObject): boolean {
  const type = element['relationshipType'];
  return (typeof type === 'string' && relations.test(type)) || element['completeness'] === 'incomplete';
}
