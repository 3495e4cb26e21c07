import { type Bytes, concatBytes, utf8 } from '@notarykit/common/internal';
import { CborFloat, type CborKey, CborTag, type CborValue } from './cbor.js';

/** Encodes a value deterministically: shortest forms, definite lengths, keys in bytewise order (RFC 8949, 4.2.1). */
export function encodeCbor(value: CborValue): Bytes {
  const parts: Uint8Array[] = [];
  write(value, parts);
  return concatBytes(parts);
}

function write(value: CborValue, parts: Uint8Array[]): void {
  if (value === null || typeof value === 'boolean')
    parts.push(Uint8Array.of(value === null ? 0xf6 : value ? 0xf5 : 0xf4));
  else if (typeof value === 'number') parts.push(integer(value));
  else if (value instanceof CborFloat) parts.push(float(value.value));
  else if (typeof value === 'bigint') parts.push(value < 0n ? head(1, -1n - value) : head(0, value));
  else if (typeof value === 'string') writeBytes(3, utf8(value), parts);
  else if (value instanceof Uint8Array) writeBytes(2, value, parts);
  else if (value instanceof CborTag) {
    parts.push(head(6, value.tag));
    write(value.value, parts);
  } else if (value instanceof Map) writeMap(value as ReadonlyMap<CborKey, CborValue>, parts);
  else writeArray(value as readonly CborValue[], parts);
}

function integer(value: number): Uint8Array {
  return value < 0 ? head(1, -1 - value) : head(0, value);
}

function writeBytes(major: number, bytes: Uint8Array, parts: Uint8Array[]): void {
  parts.push(head(major, bytes.length), bytes);
}

function writeArray(items: readonly CborValue[], parts: Uint8Array[]): void {
  parts.push(head(4, items.length));
  for (const item of items) write(item, parts);
}

function writeMap(map: ReadonlyMap<CborKey, CborValue>, parts: Uint8Array[]): void {
  const entries = [...map].map(([key, value]) => ({ key: encodeCbor(key), value: encodeCbor(value) }));
  entries.sort((a, b) => compareBytes(a.key, b.key));
  parts.push(head(5, entries.length));
  for (const entry of entries) parts.push(entry.key, entry.value);
}

/** Order of bytes, as unsigned numbers; a prefix comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function head(major: number, argument: number | bigint): Uint8Array {
  const first = major << 5;
  if (argument < 24) return Uint8Array.of(first | Number(argument));
  if (argument < 0x100) return Uint8Array.of(first | 24, Number(argument));
  const width = argument < 0x10000 ? 2 : argument < 0x100000000 ? 4 : 8;
  const bytes = new Uint8Array(1 + width);
  const view = new DataView(bytes.buffer);
  bytes[0] = first | (width === 2 ? 25 : width === 4 ? 26 : 27);
  if (width === 2) view.setUint16(1, Number(argument));
  else if (width === 4) view.setUint32(1, Number(argument));
  else view.setBigUint64(1, BigInt(argument));
  return bytes;
}

function float(value: number): Uint8Array {
  const half = halfBits(value);
  if (half !== undefined) return Uint8Array.of(0xf9, half >> 8, half & 0xff);
  const single = Math.fround(value) === value;
  const bytes = new Uint8Array(single ? 5 : 9);
  const view = new DataView(bytes.buffer);
  bytes[0] = single ? 0xfa : 0xfb;
  if (single) view.setFloat32(1, value);
  else view.setFloat64(1, value);
  return bytes;
}

/** The bits of a number as binary16, when that loses nothing. */
function halfBits(value: number): number | undefined {
  const magnitude = Math.abs(value);
  const sign = Object.is(value, -0) || value < 0 ? 0x8000 : 0;
  if (magnitude === 0) return sign;
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const mantissa = magnitude / 2 ** (exponent - 10);
  if (exponent > 15 || !Number.isInteger(mantissa) || mantissa >= 2048) return undefined;
  return mantissa < 1024 ? sign | mantissa : sign | ((exponent + 15) << 10) | (mantissa - 1024);
}
