import { digestOfKey, type KeyValue } from '@notarykit/common/internal';
import { packagesVersion } from '../version.js';

/** Subjects whose last request is kept: busy services are asked about the same images again and again. */
const maxKnown = 1_000;
const known = new Map<string, { readonly key: KeyValue; readonly digest: string }>();

/**
 * The digest of a request's key. A verdict of older code is never used again: the version of the packages is a part of it. What did
 * not change since the subject was last asked about is compared, which costs less than to write it out and hash it.
 *
 * @param subject - any name under which the same key is likely to come again
 */
export function digestOfRequest(subject: string, key: KeyValue): string {
  const last = known.get(subject);
  if (last !== undefined && isSameKey(last.key, key)) return last.digest;
  const digest = digestOfKey([packagesVersion, key]);
  known.delete(subject);
  const [oldest] = known.keys();
  if (known.size >= maxKnown && oldest !== undefined) known.delete(oldest);
  known.set(subject, { key: copyOf(key), digest });
  return digest;
}

/** A copy is kept, so that a key that its maker changes later is compared with what it was. */
function copyOf(key: KeyValue): KeyValue {
  if (key === null || typeof key !== 'object') return key;
  if (isList(key)) return key.map(copyOf);
  return Object.fromEntries(Object.entries(key).map(([name, value]) => [name, copyOf(value)]));
}

/** Whether two keys have one text: in doubt not, which costs no more than hashing again. */
export function isSameKey(a: KeyValue, b: KeyValue): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  if (isList(a) || isList(b)) return isList(a) && isList(b) && isSameList(a, b);
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names)
    if (!Object.hasOwn(b, name) || !isSameKey(a[name] as KeyValue, b[name] as KeyValue)) return false;
  return true;
}

function isSameList(a: readonly KeyValue[], b: readonly KeyValue[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!isSameKey(a[i] as KeyValue, b[i] as KeyValue)) return false;
  return true;
}

function isList(value: KeyValue): value is readonly KeyValue[] {
  return Array.isArray(value);
}
