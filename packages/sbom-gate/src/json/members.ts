import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, quote } from '@notarykit/common/internal';
import { GateError } from '../errors.js';

// Parsed documents have ordinary prototypes: readers ask for fixed names only, none of which is a property of Object.
//
// What a reader asks for and cannot use is not passed over: a member of another type than its format says could hide what a rule is
// looking for, so the document is refused. Absent and `null`, as tools write for nothing, are the same.

/** A member that is text; nothing when it is absent or empty. @throws {GateError} `ERR_GATE_EVIDENCE` */
export function textOf(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  if (typeof value === 'string') return value === '' ? undefined : value;
  return absent(value, name, 'text');
}

/** A member that is a number, else nothing. @throws {GateError} `ERR_GATE_EVIDENCE` */
export function numberOf(object: JsonObject | undefined, name: string): number | undefined {
  const value = object?.[name];
  return typeof value === 'number' ? value : absent(value, name, 'a number');
}

/** A member that is a number, or text that is one, as XML and some tools write it. @throws {GateError} `ERR_GATE_EVIDENCE` */
export function amountOf(object: JsonObject | undefined, name: string): number | undefined {
  const value = object?.[name];
  if (typeof value !== 'string') return numberOf(object, name);
  if (value === '') return undefined;
  const amount = /^[0-9.eE+-]+$/.test(value) ? Number(value) : Number.NaN;
  return Number.isNaN(amount) ? absent(value, name, 'a number') : amount;
}

/** A member that is `true` or `false`, else nothing. @throws {GateError} `ERR_GATE_EVIDENCE` */
export function flagOf(object: JsonObject | undefined, name: string): boolean | undefined {
  const value = object?.[name];
  return typeof value === 'boolean' ? value : absent(value, name, 'true or false');
}

/** A member that is an object, else nothing. @throws {GateError} `ERR_GATE_EVIDENCE` */
export function objectOf(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object?.[name];
  return isJsonObject(value) ? value : absent(value, name, 'an object');
}

/** A member where an object or something else may stand, each with its meaning: the object, else nothing. */
export function objectIf(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object?.[name];
  return isJsonObject(value) ? value : undefined;
}

/** The elements of a member that is an array, else none. @throws {GateError} `ERR_GATE_EVIDENCE` */
export function listOf(object: JsonObject | undefined, name: string): readonly JsonValue[] {
  const value = object?.[name];
  return isJsonArray(value) ? value : (absent(value, name, 'a list') ?? []);
}

/** The elements of a member that is a list of objects. @throws {GateError} `ERR_GATE_EVIDENCE` */
export function objectsOf(object: JsonObject | undefined, name: string): readonly JsonObject[] {
  return objectsIn(listOf(object, name), name);
}

/** The elements of a list, which must be objects; `null` says nothing. @throws {GateError} `ERR_GATE_EVIDENCE` */
export function objectsIn(list: readonly JsonValue[], name: string): readonly JsonObject[] {
  // Usually all are, and then nothing needs to be copied.
  if (list.every(isJsonObject)) return list as readonly JsonObject[];
  return list.filter(
    (item) => isJsonObject(item) || absent(item, name, 'a list of objects') !== undefined,
  ) as JsonObject[];
}

/** The elements of a member that is a list of strings, without empty ones. @throws {GateError} `ERR_GATE_EVIDENCE` */
export function textsOf(object: JsonObject | undefined, name: string): readonly string[] {
  return listOf(object, name).filter((item) =>
    typeof item === 'string' ? item !== '' : absent(item, name, 'a list of strings') !== undefined,
  ) as string[];
}

function absent(value: JsonValue | undefined, name: string, expected: string): undefined {
  if (value === undefined || value === null) return undefined;
  throw new GateError('ERR_GATE_EVIDENCE', `member ${quote(name)}: expected ${expected}, found ${kindOf(value)}`);
}

function kindOf(value: JsonValue): string {
  if (typeof value === 'string') return quote(value);
  return isJsonArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : String(value);
}

/** A digest set of in-toto (`{ "sha256": "…" }`), of any algorithms, as `algorithm:value` in lower case. */
export function digestSetOf(object: JsonObject | undefined, name: string): readonly string[] {
  const digests = objectOf(object, name) ?? {};
  return Object.keys(digests).flatMap((algorithm) => {
    const value = textOf(digests, algorithm);
    return value === undefined ? [] : [`${algorithm.toLowerCase()}:${value.toLowerCase()}`];
  });
}
