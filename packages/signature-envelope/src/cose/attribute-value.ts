import type { AttributeValue } from '../envelope.js';
import { unexpected } from '../failures.js';
import { CborFloat, type CborKey, CborTag, type CborValue } from './cbor.js';

/** A CBOR value as an attribute: maps with text keys become objects without prototype, tags are refused. */
export function toAttribute(value: CborValue, where: string): AttributeValue {
  if (value instanceof CborTag) throw unexpected(where, 'a value without tag', `tag ${value.tag}`);
  if (value instanceof CborFloat) return double(value.value, where);
  if (typeof value === 'bigint') throw unexpected(where, 'a number that a double can hold', value);
  if (value instanceof Map) return toObject(value as ReadonlyMap<CborKey, CborValue>, where);
  if (Array.isArray(value)) return value.map((item) => toAttribute(item, where));
  return value as AttributeValue;
}

function double(value: number, where: string): number {
  if (!Number.isFinite(value)) throw unexpected(where, 'a number that a double can hold', value);
  return value;
}

function toObject(map: ReadonlyMap<CborKey, CborValue>, where: string): AttributeValue {
  const object = Object.create(null) as Record<string, AttributeValue>;
  for (const [key, value] of map) {
    if (typeof key !== 'string') throw unexpected(where, 'a map with text keys', key);
    object[key] = toAttribute(value, where);
  }
  return object;
}

/** The reverse of {@link toAttribute}. */
export function fromAttribute(value: AttributeValue): CborValue {
  if (typeof value === 'number') return numberOf(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(fromAttribute);
  return new Map(Object.entries(value as object).map(([key, member]) => [key, fromAttribute(member)]));
}

function numberOf(value: number): CborValue {
  if (!Number.isFinite(value)) throw unexpected('attribute', 'a finite number', value);
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : new CborFloat(value);
}
