import { isJsonArray, isJsonObject, type JsonValue } from '@notarykit/common';

/** What an API server supports of RFC 6902. */
const operations = ['add', 'remove', 'replace', 'test'] as const;

interface Operation {
  readonly op: (typeof operations)[number];
  readonly path: readonly string[];
  readonly value: JsonValue;
}

/**
 * The document after a JSON patch (RFC 6902), which stays as it is. Every step must apply: a member that is replaced, removed
 * or tested has to be there.
 *
 * @throws {Error} for what is not a patch, and for a step that does not apply
 */
export function applyJsonPatch(document: JsonValue, patch: JsonValue): JsonValue {
  if (!isJsonArray(patch)) throw new Error('a JSON patch is a list');
  return patch.map(parseOperation).reduce((value, operation) => apply(value, operation, operation.path), document);
}

function parseOperation(entry: JsonValue): Operation {
  const { op, path, value } = isJsonObject(entry) ? entry : {};
  const known = operations.find((name) => name === op);
  if (known === undefined) throw new Error(`no operation of a patch: ${JSON.stringify(op)}`);
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/')))
    throw new Error(`no JSON pointer: ${JSON.stringify(path)}`);
  if (value === undefined && known !== 'remove') throw new Error(`${known} ${path}: a value is missing`);
  const steps = path.split('/').slice(1);
  return {
    op: known,
    path: steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
    value: value ?? null,
  };
}

function apply(document: JsonValue, operation: Operation, path: readonly string[]): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return replaceWhole(document, operation);
  if (isJsonArray(document)) return applyToList(document, operation, step, rest);
  if (!isJsonObject(document)) throw new Error(`${operation.op}: no object at ${step}`);
  const { [step]: member, ...others } = document;
  if (rest.length > 0 && member !== undefined) return { ...document, [step]: apply(member, operation, rest) };
  if (rest.length > 0 || (member === undefined && operation.op !== 'add'))
    throw new Error(`${operation.op}: no member ${step}`);
  if (operation.op === 'remove') return others;
  return { ...document, [step]: operation.op === 'add' ? operation.value : replaceWhole(member ?? null, operation) };
}

function applyToList(
  list: readonly JsonValue[],
  operation: Operation,
  step: string,
  rest: readonly string[],
): JsonValue {
  const adds = operation.op === 'add' && rest.length === 0;
  const index = adds && step === '-' ? list.length : /^(0|[1-9]\d{0,8})$/.test(step) ? Number(step) : -1;
  if (index < 0 || index >= list.length + (adds ? 1 : 0)) throw new Error(`${operation.op}: no item ${step}`);
  if (adds) return [...list.slice(0, index), operation.value, ...list.slice(index)];
  if (operation.op === 'remove' && rest.length === 0) return list.filter((_, i) => i !== index);
  return list.map((item, i) => (i === index ? apply(item, operation, rest) : item));
}

function replaceWhole(value: JsonValue, operation: Operation): JsonValue {
  if (operation.op === 'remove') throw new Error('remove: the document itself');
  if (operation.op === 'test' && !equal(value, operation.value)) throw new Error('test: another value is there');
  return operation.op === 'test' ? value : operation.value;
}

function equal(a: JsonValue, b: JsonValue): boolean {
  if (isJsonArray(a) && isJsonArray(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i] ?? null));
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equal(a[name] ?? null, b[name] ?? null))
  );
}
