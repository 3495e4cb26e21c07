import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, quote } from '@notarykit/common/internal';
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
  if (type === undefined)
    throw new GateError('ERR_GATE_EVIDENCE', 'SPDX: expected elements with a type, found one without');
  checkFlat(element);
  if (dropped.test(type)) return;
  if (/package/i.test(type) && !packageTypes.has(type))
    throw new GateError('ERR_GATE_EVIDENCE', `SPDX: ${quote(type)} is not a type of a package`);
  if (/Relationship$/.test(type) && !isRelevant(element)) return;
  const kept = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of Object.entries(element)) if (members.has(name)) kept[name] = value as JsonValue;
  kept['type'] = type;
  into.push(kept);
}

/** A package may stand inside another element, and a graph inside a graph: only what is in the one list is judged. */
function checkFlat(element: JsonObject): void {
  const waiting: JsonValue[] = [];
  const enter = (value: JsonValue): void => {
    if (isJsonArray(value)) for (const item of value) waiting.push(item);
    else if (isJsonObject(value)) for (const item of Object.values(value)) waiting.push(item as JsonValue);
  };
  if (Object.hasOwn(element, '@graph')) throw nested('a graph');
  enter(element);
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object') continue;
    if (isJsonObject(value) && Object.hasOwn(value, '@graph')) throw nested('a graph');
    if (isJsonObject(value) && [value['type'], value['@type']].some(isPackage)) throw nested('a package');
    enter(value);
  }
}

/** A list of types may hold any; the code over a package, `PackageVerificationCode`, is not a type. */
function isPackage(type: JsonValue | undefined): boolean {
  return typeof type === 'string' ? /package$/i.test(type) : type !== undefined && isJsonArray(type);
}

function nested(what: string): GateError {
  return new GateError(
    'ERR_GATE_EVIDENCE',
    `SPDX: ${what} stands inside an element; only the elements of one flat graph are read`,
  );
}

/** A member that has two names; two that differ make no element that could be judged. */
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
