import { type Bytes, concatBytes, utf8 } from '@notarykit/common';

/** DER of one element: tag byte, minimal length, content (X.690, 10.1). */
export function element(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const body = concatBytes(content);
  return concatBytes([new Uint8Array([tag, ...lengthOf(body.length)]), body]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

export const sequence = (...content: readonly Uint8Array[]): Bytes => element(0x30, ...content);
export const octetString = (content: Uint8Array): Bytes => element(0x04, content);
export const bitString = (content: Uint8Array, unused = 0): Bytes => element(0x03, new Uint8Array([unused]), content);
export const boolean = (value: boolean): Bytes => element(0x01, new Uint8Array([value ? 0xff : 0]));
export const nullValue = (): Bytes => element(0x05);
export const enumerated = (value: number): Bytes => element(0x0a, new Uint8Array([value]));
export const utf8String = (text: string): Bytes => element(0x0c, utf8(text));
export const printableString = (text: string): Bytes => element(0x13, utf8(text));

/** Context-specific and constructed: explicit tags, and implicit ones of sequences. */
export const context = (tag: number, ...content: readonly Uint8Array[]): Bytes => element(0xa0 | tag, ...content);
/** Context-specific and primitive: implicit tags of strings, integers and the like. */
export const contextPrimitive = (tag: number, content: Uint8Array): Bytes => element(0x80 | tag, content);

/** SET OF, sorted as DER demands (X.690, 11.6). */
export function setOf(...content: readonly Uint8Array[]): Bytes {
  return element(0x31, ...[...content].sort(compareBytes));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** INTEGER, in as few bytes as hold it. */
export function integer(value: number | bigint): Bytes {
  const bytes: number[] = [];
  let rest = BigInt(value);
  do {
    bytes.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!(rest === 0n && (bytes[0] as number) < 0x80) && !(rest === -1n && (bytes[0] as number) >= 0x80));
  return element(0x02, new Uint8Array(bytes));
}

/** OBJECT IDENTIFIER of a dotted text. */
export function oid(dotted: string): Bytes {
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return element(0x06, new Uint8Array([first * 40n + second, ...rest].flatMap(arc)));
}

function arc(value: bigint): number[] {
  const bytes = [Number(value & 0x7fn)];
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) bytes.unshift(Number(rest & 0x7fn) | 0x80);
  return bytes;
}

/** Time of a certificate: UTCTime through 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). */
export function time(date: Date): Bytes {
  const year = date.getUTCFullYear();
  if (year < 1950 || year > 2049) return generalizedTime(date);
  return element(0x17, utf8(digits(date).slice(2)));
}

/** GeneralizedTime in whole seconds, or with the fraction that the date has (X.690, 11.7). */
export function generalizedTime(date: Date, fraction = ''): Bytes {
  return element(0x18, utf8(fraction === '' ? digits(date) : `${digits(date).slice(0, -1)}.${fraction}Z`));
}

function digits(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}
