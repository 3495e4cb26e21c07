import { utf8 } from '@notarykit/common/internal';
import { compareBytes } from '../cose/write-cbor.js';
import type { AttributeValue } from '../envelope.js';
import { unexpected } from '../failures.js';

/** JSON without spaces, names in the byte order of their UTF-8 form at every level, as notation-core-go writes it. */
export function canonicalJson(value: AttributeValue): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return number(value);
  if (value instanceof Uint8Array) throw unexpected('attribute', 'a JSON value', 'bytes, which only COSE can hold');
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value as { readonly [key: string]: AttributeValue })
    .sort(([a], [b]) => compareBytes(utf8(a), utf8(b)))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw unexpected('attribute', 'a finite number', value);
  return JSON.stringify(value);
}
