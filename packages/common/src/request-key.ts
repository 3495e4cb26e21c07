import { utf8 } from './bytes.js';
import { sha256Hex } from './hash.js';

/** A value with at least one element. */
export type NonEmpty<T> = readonly [T, ...T[]];

/** What a part of a key may be: JSON. The order of members does not matter, the order of elements does. */
export type KeyValue = null | boolean | number | string | readonly KeyValue[] | { readonly [name: string]: KeyValue };

/** How one member of a request takes part in the request's key. */
export type KeyPart<V> =
  /** Changes the answer. `undefined` says that the value has no name that could be compared: nothing may be remembered. */
  | { readonly part: (value: V) => KeyValue | undefined }
  /** Does not change the answer, and why. */
  | { readonly outside: string };

/** A row for every member of a request: a member that is added later does not compile until it has one. */
export type Classification<T> = { readonly [K in keyof T]-?: KeyPart<Exclude<T[K], undefined>> };

/** The key of a request, or the members because of which it has none. */
export interface RequestKey {
  /** Absent where `unkeyed` names members. */
  readonly key?: KeyValue;
  readonly unkeyed: readonly string[];
}

/**
 * The key of a request: every member by its row. Members that are absent or `undefined` count as `null`. A member without a row,
 * which only callers without types can give, makes the request unkeyed: an answer is never found under a key that forgot something.
 *
 * @example
 * ```ts
 * interface Request { readonly name: string; readonly signal?: AbortSignal }
 * const rows: Classification<Request> = {
 *   name: { part: (name) => name },
 *   signal: { outside: 'ends the wait, not the answer' },
 * };
 * keyOf({ name: 'net-monitor' }, rows).key; // { name: 'net-monitor' }
 * ```
 */
export function keyOf<T extends object>(value: T, rows: Classification<T>): RequestKey {
  const key: Record<string, KeyValue> = {};
  const unkeyed: string[] = [];
  for (const name of Object.keys(value)) if (!Object.hasOwn(rows, name)) unkeyed.push(name);
  for (const [name, part] of partsOf(rows)) {
    const member = (value as Record<string, unknown>)[name];
    const named = member === undefined ? null : part(member);
    if (named === undefined) unkeyed.push(name);
    else key[name] = named;
  }
  return unkeyed.length === 0 ? { key, unkeyed } : { unkeyed };
}

type Part = (value: unknown) => KeyValue | undefined;

const parts = new WeakMap<object, readonly (readonly [name: string, part: Part])[]>();

/** The rows that take part, in the order of a key's text; found once for each classification. */
function partsOf(rows: object): readonly (readonly [name: string, part: Part])[] {
  const known = parts.get(rows);
  if (known !== undefined) return known;
  const found = Object.entries(rows as Readonly<Record<string, KeyPart<unknown>>>)
    .flatMap(([name, row]): [string, Part][] => ('outside' in row ? [] : [[name, row.part]]))
    .sort(byName);
  parts.set(rows, found);
  return found;
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** The digest of a key: SHA-256 in hexadecimal over its JSON text with sorted member names. */
export function digestOfKey(key: KeyValue): string {
  return sha256Hex(utf8(canonicalText(key)));
}

/** Numbers that JSON would all write as `null`, and -0, keep different texts. */
function canonicalText(value: KeyValue): string {
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return `{"number":${Object.is(value, -0) ? '-0' : value}}`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  let text = '{';
  for (const name of inOrder(Object.keys(value)))
    text += `${text === '{' ? '' : ','}${JSON.stringify(name)}:${canonicalText((value as Readonly<Record<string, KeyValue>>)[name] as KeyValue)}`;
  return `${text}}`;
}

/** Keys of classified requests are in order already. */
function inOrder(names: readonly string[]): readonly string[] {
  const isOrdered = names.every((name, i) => i === 0 || (names[i - 1] as string) < name);
  return isOrdered ? names : [...names].sort((a, b) => (a < b ? -1 : 1));
}
