import { digestOfKey, encodeHex, type KeyValue } from '@notarykit/common/internal';

const deepest = 64;

/** Freezes plain data with all that it holds. What maps and sets hold is frozen, and what they hold next is not known. */
export function deepFreeze<T>(value: T, seen: Set<unknown> = new Set()): T {
  if (typeof value !== 'object' || value === null || seen.has(value) || !isPlain(value)) return value;
  seen.add(value);
  for (const member of contentOf(Object.freeze(value))) deepFreeze(member, seen);
  return value;
}

/** Members of an object, items of a list or a set, keys and values of a map. */
function contentOf(value: object): readonly unknown[] {
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  return value instanceof Set ? [...value] : Object.values(value);
}

interface Remembered {
  readonly digest: string;
  /** What no freezing reaches, with what was in it. */
  readonly loose: readonly Loose[];
}
type Loose =
  | {
      readonly kind: 'content';
      readonly of: Map<unknown, unknown> | Set<unknown>;
      readonly content: readonly unknown[];
    }
  | { readonly kind: 'time'; readonly of: Date; readonly time: number };

const digests = new WeakMap<object, Remembered>();

/**
 * The digest of plain data. What freezing makes unchangeable is digested once; maps, sets and dates in it, which can be changed all the
 * same, are compared with what they were then; what holds bytes is digested each time. Nothing for data that holds a function, an object
 * of a class, or a member that is computed or hidden, which no digest can tell apart.
 */
export function digestOfFrozen(value: object): string | undefined {
  const known = digests.get(value);
  if (known?.loose.every(isAsItWas)) return known.digest;
  const key = contentKey(deepFreeze(value), 0);
  if (key === undefined) return undefined;
  const digest = digestOfKey(key);
  const loose: Loose[] = [];
  if (isHeld(value, loose)) digests.set(value, { digest, loose });
  else digests.delete(value);
  return digest;
}

/** Whether all of a value is frozen, but for what is found loose in it and can be compared. */
function isHeld(value: unknown, loose: Loose[]): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Object.getPrototypeOf(value) === Date.prototype) {
    loose.push({ kind: 'time', of: value as Date, time: (value as Date).getTime() });
    return true;
  }
  if (!isPlain(value) || !Object.isFrozen(value)) return false;
  const content = contentOf(value);
  if (value instanceof Map || value instanceof Set) loose.push({ kind: 'content', of: value, content });
  return content.every((member) => isHeld(member, loose));
}

/** In the same order too: it is a part of the digest. */
function isAsItWas(loose: Loose): boolean {
  if (loose.kind === 'time') return Object.is(loose.of.getTime(), loose.time);
  const { of, content } = loose;
  const now = contentOf(of);
  return now.length === content.length && now.every((member, i) => Object.is(member, content[i]));
}

function contentKey(value: unknown, depth: number): KeyValue | undefined {
  if (depth > deepest) return undefined;
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value !== 'object') return undefined;
  if (value instanceof Date) return { date: value.getTime() };
  if (value instanceof Uint8Array) return { bytes: encodeHex(value) };
  if (!isPlain(value) || isOpaque(value)) return undefined;
  if (Array.isArray(value)) return listKey(value, depth);
  if (value instanceof Map) return wrapped('map', [...value], depth);
  if (value instanceof Set) return wrapped('set', [...value], depth);
  return wrapped('object', Object.entries(value).sort(byName), depth);
}

/** Whether a key would not hold all of it: a getter may say something else each time, and what is hidden is not listed. */
function isOpaque(value: object): boolean {
  const names = Reflect.ownKeys(value);
  if (value instanceof Map || value instanceof Set) return names.length > 0;
  // The key of a list holds its items only, so that `length` must be its only other member.
  if (Array.isArray(value) && names.some((name, i) => name !== (i < value.length ? String(i) : 'length'))) return true;
  return names.some((name) => !isListed(value, name));
}

function isListed(value: object, name: string | symbol): boolean {
  const { get, enumerable } = Object.getOwnPropertyDescriptor(value, name) ?? {};
  if (name === 'length' && Array.isArray(value)) return true;
  return typeof name === 'string' && get === undefined && enumerable === true;
}

/** Content under the name of its kind: a list of pairs is not a map, and a map is not an object. */
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

/** An object of a derived class may behave differently from what it holds. */
const prototypes: ReadonlySet<unknown> = new Set([
  Object.prototype,
  null,
  Array.prototype,
  Map.prototype,
  Set.prototype,
]);

function isPlain(value: object): boolean {
  return prototypes.has(Object.getPrototypeOf(value));
}
