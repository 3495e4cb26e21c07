import { isJsonArray, isJsonObject, type JsonValue, nearestName, parseTime, quote } from '@notarykit/common/internal';

/** The part of JSON Schema draft-07 that policy schemas use. */
export interface Schema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  /** What stands for the member when it is not given. */
  readonly default?: string | number | boolean | readonly string[];
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly const?: string | number | boolean;
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  /** One is shown for texts that break the pattern. */
  readonly examples?: readonly string[];
  readonly minLength?: number;
  readonly format?: 'date-time' | 'uri';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** A place that breaks a schema. */
export interface SchemaProblem {
  /** JSON pointer. */
  readonly pointer: string;
  readonly message: string;
}

/** Every place of a value that breaks a schema; none means valid. */
export function checkSchema(root: Schema, value: JsonValue): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  checkValue({ root, problems }, root, value, '');
  return problems;
}

interface Check {
  readonly root: Schema;
  readonly problems: SchemaProblem[];
}

function checkValue(check: Check, schema: Schema, value: JsonValue | undefined, pointer: string): void {
  if (value === undefined) return;
  if (schema.$ref !== undefined) {
    checkValue(check, resolve(check.root, schema.$ref), value, pointer);
    return;
  }
  const expected = mismatch(schema, value);
  if (expected !== undefined) {
    check.problems.push({ pointer, message: `expected ${expected}, found ${quote(value)}${hintOf(schema, value)}` });
    return;
  }
  if (isJsonArray(value)) checkArray(check, schema, value, pointer);
  else if (isJsonObject(value)) checkObject(check, schema, value, pointer);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined && !branches.some((branch) => matches(check.root, branch, value)))
    check.problems.push({
      pointer,
      message: `expected ${branches.map(describeSchema).join(', or ')}${foundText(value)}`,
    });
}

/** An object lacks something, and is not repeated. */
function foundText(value: JsonValue): string {
  if (isJsonArray(value)) return `, found ${value.slice(0, 5).map(quote).join(', ') || 'none'}`;
  return isJsonObject(value) ? '' : `, found ${quote(value)}`;
}

function hintOf({ enum: words = [] }: Schema, value: JsonValue): string {
  return typeof value === 'string' ? didYouMean(value, words.map(String)) : '';
}

/** What was probably meant, as the end of a message. */
export function didYouMean(name: string, known: readonly string[]): string {
  const meant = nearestName(name, known);
  return meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
}

function matches(root: Schema, schema: Schema, value: JsonValue): boolean {
  const problems: SchemaProblem[] = [];
  checkValue({ root, problems }, schema, value, '');
  return problems.length === 0;
}

function resolve(root: Schema, reference: string): Schema {
  return root.definitions?.[reference.slice('#/definitions/'.length)] as Schema;
}

function describeText({ examples: [example] = [], pattern }: Schema): string {
  return example === undefined ? `text like ${pattern}` : `text such as ${quote(example)}`;
}

function describeSchema(schema: Schema): string {
  if (schema.const !== undefined) return quote(schema.const);
  if (schema.items?.pattern !== undefined) return `a list of ${describeText(schema.items)}`;
  return schema.required === undefined
    ? `a valid ${schema.type ?? 'value'}`
    : `the member ${schema.required.join(', ')}`;
}

/** What a value should be, when it is not; members and elements are checked by the caller. */
function mismatch(schema: Schema, value: JsonValue): string | undefined {
  if (schema.const !== undefined && value !== schema.const)
    return typeof value === 'number' ? `the text ${quote(schema.const)}, in quotation marks` : quote(schema.const);
  if (schema.enum !== undefined && !schema.enum.includes(value as string))
    return `one of ${schema.enum.map(quote).join(', ')}`;
  if (schema.type !== undefined && !hasType(schema.type, value)) return `${article(schema.type)} ${schema.type}`;
  if (typeof value === 'string') return textMismatch(schema, value);
  if (typeof value === 'number' && (value < (schema.minimum ?? value) || value > (schema.maximum ?? value)))
    return `a number from ${schema.minimum ?? 'anything'} to ${schema.maximum ?? 'anything'}`;
  return undefined;
}

function article(type: string): string {
  return /^[aio]/.test(type) ? 'an' : 'a';
}

function hasType(type: Schema['type'], value: JsonValue): boolean {
  if (type === 'object') return isJsonObject(value);
  if (type === 'array') return isJsonArray(value);
  if (type === 'integer') return Number.isSafeInteger(value);
  return typeof value === type;
}

function textMismatch(schema: Schema, value: string): string | undefined {
  // The patterns are those of the schema above, never those of a document.
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) return describeText(schema);
  if (value.length < (schema.minLength ?? 0)) return `at least ${schema.minLength} characters`;
  if (schema.format === 'uri' && !/^[a-z][a-z0-9+.-]*:\S+$/i.test(value)) return 'a URI';
  if (schema.format === 'date-time' && !isTime(value)) return 'a time such as "2026-12-20T00:00:00Z"';
  return undefined;
}

function isTime(text: string): boolean {
  try {
    parseTime(text);
    return true;
  } catch {
    return false;
  }
}

function checkArray(check: Check, schema: Schema, value: readonly JsonValue[], pointer: string): void {
  if (value.length < (schema.minItems ?? 0))
    check.problems.push({ pointer, message: `expected at least ${schema.minItems} entries` });
  if (schema.uniqueItems === true && new Set(value).size !== value.length)
    check.problems.push({ pointer, message: 'expected entries that differ' });
  if (schema.items !== undefined)
    for (const [i, item] of value.entries()) checkValue(check, schema.items, item, `${pointer}/${i}`);
}

function checkObject(
  check: Check,
  schema: Schema,
  value: { readonly [name: string]: JsonValue | undefined },
  pointer: string,
): void {
  const names = Object.keys(value);
  for (const name of schema.required ?? [])
    if (!names.includes(name)) check.problems.push({ pointer, message: `expected the member ${quote(name)}` });
  if (names.length < (schema.minProperties ?? 0))
    check.problems.push({ pointer, message: `expected at least ${schema.minProperties} members` });
  for (const name of names) {
    const at = `${pointer}/${name}`;
    const known = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
    const member = known ? schema.properties?.[name] : schema.additionalProperties;
    if (member === false) check.problems.push({ pointer: at, message: unknownMember(name, schema) });
    if (schema.propertyNames !== undefined && mismatch(schema.propertyNames, name) !== undefined)
      check.problems.push({ pointer: at, message: `expected a name ${mismatch(schema.propertyNames, name)}` });
    if (typeof member === 'object') checkValue(check, member, value[name], at);
  }
}

function unknownMember(name: string, { properties = {} }: Schema): string {
  const known = Object.keys(properties);
  return `there is no such member${didYouMean(name, known) || `; known are ${known.join(', ')}`}`;
}
