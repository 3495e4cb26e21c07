import { isBytes } from '../bytes.js';

type Redact = (text: string) => string;

const mostNodes = 2000;
const deepest = 8;
// What is made at the start is marked: a bundle that redacts nothing leaves it out.
const decoder = /* @__PURE__ */ new TextDecoder('latin1');

/** A value, or a copy of it without what `redact` takes out of its texts. */
export function copyWithout<T>(value: T, redact: Redact): T {
  const state = { left: mostNodes, seen: new Set<object>() };
  return isClean(value, redact, state, 0) ? value : (copy(value, redact, new Map(), 0) as T);
}

interface State {
  left: number;
  readonly seen: Set<object>;
}

/** Whether everything in a value can be looked at and holds no secret. */
function isClean(value: unknown, redact: Redact, state: State, depth: number): boolean {
  if (typeof value === 'string') return redact(value) === value;
  if (typeof value !== 'object' || value === null || state.seen.has(value)) return true;
  state.seen.add(value);
  if (--state.left < 0 || depth > deepest) return false;
  if (isBytes(value)) return isCleanText(decoder.decode(value.subarray(0, 65_536)), redact);
  if (value instanceof Date) return true;
  if (!isTransparent(value)) return false;
  return membersOf(value).every(
    ([name, member]) => isCleanText(name, redact) && isClean(member, redact, state, depth + 1),
  );
}

const isCleanText = (text: string, redact: Redact): boolean => redact(text) === text;

/** Errors, lists and plain objects: what others hold, behind getters and private fields, cannot be seen. */
function isTransparent(value: object): boolean {
  if (value instanceof Error || Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** An exception of the platform, which has no members of its own, but getters that work on itself alone. */
const isException = (value: unknown): value is DOMException =>
  typeof DOMException === 'function' && value instanceof DOMException;

/** Own members that are data, and what an error shows besides. */
function membersOf(value: object): readonly (readonly [string, unknown])[] {
  const members = Reflect.ownKeys(value).flatMap((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    return descriptor !== undefined && 'value' in descriptor ? [[String(key), descriptor.value] as const] : [];
  });
  if (!(value instanceof Error)) return members;
  const shown = (['message', 'stack'] as const).map((name) => [name, value[name]] as const);
  return [...members.filter(([name]) => name !== 'message' && name !== 'stack'), ...shown];
}

function copy(value: unknown, redact: Redact, done: Map<object, unknown>, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (done.has(value)) return done.get(value);
  if (value instanceof Date) return new Date(value);
  if (depth > deepest || done.size > mostNodes || !isTransparent(value)) return undefined;
  return value instanceof Error ? copyError(value, redact, done, depth) : copyObject(value, redact, done, depth);
}

function copyObject(value: object, redact: Redact, done: Map<object, unknown>, depth: number): object {
  const target: object = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  done.set(value, target);
  fill(target, value, redact, done, depth);
  return target;
}

/** Another error of the same class: `instanceof` and `code` tell what they told before. */
function copyError(error: Error, redact: Redact, done: Map<object, unknown>, depth: number): Error {
  if (isException(error)) return new DOMException(redact(error.message), error.name);
  const target = new Error(redact(String(error.message)));
  done.set(error, target);
  Object.setPrototypeOf(target, Object.getPrototypeOf(error));
  define(target, 'stack', redact(String(error.stack)), false);
  fill(target, error, redact, done, depth);
  return target;
}

function fill(target: object, source: object, redact: Redact, done: Map<object, unknown>, depth: number): void {
  for (const key of Reflect.ownKeys(source)) {
    const descriptor = Object.getOwnPropertyDescriptor(source, key);
    if (descriptor === undefined || !('value' in descriptor) || key === 'stack' || key === 'length') continue;
    const name = typeof key === 'string' ? redact(key) : key;
    define(target, name, copy(descriptor.value, redact, done, depth + 1), descriptor.enumerable === true);
  }
}

function define(target: object, name: string | symbol, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, name, { value, enumerable, writable: true, configurable: true });
}
