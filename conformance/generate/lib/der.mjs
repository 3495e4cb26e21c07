// A writer of DER that refuses nothing: the caller decides what is valid (X.690).
import { bytes } from './bytes.mjs';

function lengthOf(length) {
  if (length < 0x80) return [length];
  const digits = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return [0x80 | digits.length, ...digits];
}

export function element(tag, ...content) {
  const body = bytes(...content);
  return bytes([tag, ...lengthOf(body.length)], body);
}

export const sequence = (...content) => element(0x30, ...content);
export const setOf = (...content) => element(0x31, ...[...content].sort(Buffer.compare));
export const octets = (content) => element(0x04, content);
export const bits = (content, unused = 0) => element(0x03, [unused], content);
export const boolean = (value) => element(0x01, [value ? 0xff : 0]);
export const nothing = () => element(0x05);
export const enumerated = (value) => element(0x0a, [value]);
export const utf8 = (text) => element(0x0c, text);
export const printable = (text) => element(0x13, text);
/** Context-specific: constructed, and primitive. */
export const context = (tag, ...content) => element(0xa0 | tag, ...content);
export const primitive = (tag, content) => element(0x80 | tag, content);

export function integer(value) {
  const digits = [];
  let rest = BigInt(value);
  do {
    digits.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!(rest === 0n && digits[0] < 0x80) && !(rest === -1n && digits[0] >= 0x80));
  return element(0x02, digits);
}

/** INTEGER of the bytes of a number without sign. */
export function unsigned(data) {
  const start = data.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.of(0) : data.subarray(start);
  return element(0x02, digits[0] >= 0x80 ? [0] : [], digits);
}

export function oid(dotted) {
  const [first, second, ...rest] = dotted.split('.').map(BigInt);
  return element(0x06, [first * 40n + second, ...rest].flatMap(arc));
}

function arc(value) {
  const result = [Number(value & 0x7fn)];
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) result.unshift(Number(rest & 0x7fn) | 0x80);
  return result;
}

/** BIT STRING of named bits: trailing zero bits are left out (X.690, 11.2.2). */
export function namedBits(list) {
  const highest = Math.max(-1, ...list);
  const content = Buffer.alloc(Math.ceil((highest + 1) / 8));
  for (const bit of list) content[bit >> 3] |= 0x80 >> (bit & 7);
  return bits(content, (8 - ((highest + 1) % 8)) % 8);
}

const digitsOf = (date) => `${new Date(date).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
export const generalizedTime = (date, fraction = '') =>
  element(0x18, fraction === '' ? digitsOf(date) : `${digitsOf(date).slice(0, -1)}.${fraction}Z`);
export const utcTime = (date) => element(0x17, digitsOf(date).slice(2));
/** Time of a certificate: UTCTime through 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). */
export function time(date) {
  const year = new Date(date).getUTCFullYear();
  return year < 1950 || year > 2049 ? generalizedTime(date) : utcTime(date);
}
