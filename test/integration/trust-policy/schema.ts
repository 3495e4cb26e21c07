/** The keywords of JSON Schema that our schemas use: enough to hold documents against them in tests. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** What in a value breaks a schema; nothing when it holds. */
export function violations(schema: Schema, value: unknown, root: Schema = schema, where = '$'): readonly string[] {
  const sub = (one: unknown, item: unknown, place: string): readonly string[] =>
    violations(one as Schema, item, root, place);
  const reference = schema['$ref'] as string | undefined;
  if (reference !== undefined) {
    const name = reference.replace('#/$defs/', '');
    return sub((root['$defs'] as Record<string, Schema>)[name], value, where);
  }
  const choices = schema['oneOf'] as readonly Schema[] | undefined;
  if (choices !== undefined) {
    const fitting = choices.filter((one) => sub(one, value, where).length === 0);
    return fitting.length === 1 ? [] : [`${where}: ${fitting.length} of its alternatives fit`];
  }
  return [
    ...plainViolations(schema, value, where),
    ...objectViolations(schema, value, where, sub),
    ...(Array.isArray(value) && schema['items'] !== undefined
      ? value.flatMap((item, i) => sub(schema['items'], item, `${where}[${i}]`))
      : []),
  ];
}

function plainViolations(schema: Schema, value: unknown, where: string): readonly string[] {
  const { const: only, enum: allowed, pattern, type, minItems, minLength, minimum } = schema as Record<string, never>;
  const found: string[] = [];
  if ('const' in schema && value !== only) found.push(`${where}: not ${String(only)}`);
  if (allowed !== undefined && !(allowed as unknown[]).includes(value)) found.push(`${where}: not one of its values`);
  if (pattern !== undefined && typeof value === 'string' && !new RegExp(pattern).test(value))
    found.push(`${where}: pattern`);
  if (type !== undefined && !isOf(type, value)) found.push(`${where}: not ${String(type)}`);
  if (minItems !== undefined && Array.isArray(value) && value.length < minItems) found.push(`${where}: too few`);
  if (minLength !== undefined && typeof value === 'string' && value.length < minLength)
    found.push(`${where}: too short`);
  if (minimum !== undefined && typeof value === 'number' && value < minimum) found.push(`${where}: too small`);
  return found;
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function objectViolations(
  schema: Schema,
  value: unknown,
  where: string,
  sub: (one: unknown, item: unknown, place: string) => readonly string[],
): readonly string[] {
  if (!isOf('object', value)) return [];
  const object = value as Record<string, unknown>;
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const missing = ((schema['required'] ?? []) as string[]).filter((name) => !(name in object));
  const extra =
    schema['additionalProperties'] === false ? Object.keys(object).filter((name) => !(name in properties)) : [];
  const inside = Object.entries(object).flatMap(([name, item]) =>
    name in properties ? sub(properties[name], item, `${where}.${name}`) : [],
  );
  return [
    ...missing.map((name) => `${where}: ${name} is missing`),
    ...extra.map((name) => `${where}: ${name} is unknown`),
    ...inside,
  ];
}
