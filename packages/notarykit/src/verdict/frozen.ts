import { digestOfKey, encodeHex, type KeyValue } from '@notarykit/common';

const deepest = 64;

/** Freezes plain data with all that it holds. */
export function deepFreeze<T>(value: T, seen: Set<unknown> = new Set()): T {
  if (typeof value !== 'object' || value === null || seen.has(value) || !isPlain(value)) return value;
  seen.add(value);
  for (const member of Object.values(Object.freeze(value))) deepFreeze(member, seen);
  return value;
}

const digests = new WeakMap<object, string>();

/**
 * The digest of plain data. What freezing makes unchangeable is digested once; what holds maps, sets, dates or bytes, which can be
 * changed all the same, each time. Nothing for data that holds a function, an object of a class, or a member that is computed, which
 * no digest can tell apart.
 */
export function digestOfFrozen(value: object): string | undefined {
  const known = digests.get(value);
  if (known !== undefined) return known;
  const key = contentKey(deepFreeze(value), 0);
  if (key === undefined) return undefined;
  const digest = digestOfKey(key);
  if (isFrozenForEver(value)) digests.set(value, digest);
  return digest;
}

function isFrozenForEver(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (value instanceof Map || value instanceof Set || !isPlain(value)) return false;
  return Object.isFrozen(value) && Object.values(value).every(isFrozenForEver);
}

function contentKey(value: unknown, depth: number): KeyValue | undefined {
  if (depth > deepest) return undefined;
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value !== 'object') return undefined;
  if (value instanceof Date) return { date: value.getTime() };
  if (value instanceof Uint8Array) return { bytes: encodeHex(value) };
  if (Array.isArray(value)) return listKey(value, depth);
  if (value instanceof Map) return wrapped('map', [...value], depth);
  if (value instanceof Set) return wrapped('set', [...value], depth);
  if (!isPlain(value) || isComputed(value)) return undefined;
  return wrapped('object', Object.entries(value).sort(byName), depth);
}

/** A getter may say something else each time. */
function isComputed(value: object): boolean {
  return Object.values(Object.getOwnPropertyDescriptors(value)).some(({ get }) => get !== undefined);
}

/** What the value is stands beside what it holds: a list of pairs is no map, and no map is an object. */
function wrapped(kind: string, content: readonly unknown[], depth: number): KeyValue | undefined {
  const list = listKey(content, depth);
  return list === undefined ? undefined : { [kind]: list };
}

function listKey(list: readonly unknown[], depth: number): KeyValue | undefined {
  const keys: KeyValue[] = [];
  for (const item of list) {
    const key = contentKey(item, depth + 1);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return keys;
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

function isPlain(value: object): boolean {
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
