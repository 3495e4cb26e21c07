import { type Bytes, concatBytes, utf8 } from '@notarykit/common/internal';
import { PkiError } from '../errors.js';
import { contextTag, Tag } from './reader.js';

function encodeLength(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** An element of a tag and its content. */
export function encodeElement(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return concatBytes([Uint8Array.from([tag, ...encodeLength(length)]), ...content]);
}

/** A SEQUENCE of encoded elements. */
export function encodeSequence(...elements: readonly Uint8Array[]): Bytes {
  return encodeElement(Tag.sequence, ...elements);
}

/** A SET OF encoded elements, put into DER's order (X.690, 11.6). */
export function encodeSet(...elements: readonly Uint8Array[]): Bytes {
  return encodeElement(Tag.set, ...[...elements].sort(compareBytes));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** `[number] EXPLICIT`, or an implicitly tagged SEQUENCE or SET whose content is given. */
export function encodeContext(number: number, ...content: readonly Uint8Array[]): Bytes {
  return encodeElement(contextTag(number), ...content);
}

/** `[number] IMPLICIT` of a primitive type. */
export function encodeContextPrimitive(number: number, content: Uint8Array): Bytes {
  return encodeElement(contextTag(number, 'primitive'), content);
}

/** An INTEGER. Bytes are taken as an unsigned big-endian magnitude. */
export function encodeInteger(value: number | bigint | Uint8Array): Bytes {
  return encodeElement(Tag.integer, value instanceof Uint8Array ? unsigned(value) : twosComplement(BigInt(value)));
}

function unsigned(magnitude: Uint8Array): Bytes {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const digits = magnitude.subarray(start);
  return concatBytes((digits[0] ?? 0x80) >= 0x80 ? [Uint8Array.of(0), digits] : [digits]);
}

function twosComplement(value: bigint): Bytes {
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(Number(BigInt.asUintN(8, rest)));
    rest >>= 8n;
  } while (!(rest === 0n && (octets[0] as number) < 0x80) && !(rest === -1n && (octets[0] as number) >= 0x80));
  return Uint8Array.from(octets);
}

/** An ENUMERATED. */
export function encodeEnumerated(value: number): Bytes {
  return encodeElement(Tag.enumerated, twosComplement(BigInt(value)));
}

/** A BOOLEAN. */
export function encodeBoolean(value: boolean): Bytes {
  return encodeElement(Tag.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** A NULL. */
export function encodeNull(): Bytes {
  return encodeElement(Tag.null);
}

/** An OCTET STRING. */
export function encodeOctetString(content: Uint8Array): Bytes {
  return encodeElement(Tag.octetString, content);
}

/** A BIT STRING. */
export function encodeBitString(content: Uint8Array, unusedBits = 0): Bytes {
  return encodeElement(Tag.bitString, Uint8Array.of(unusedBits), content);
}

/** A UTF8String. */
export function encodeUtf8String(text: string): Bytes {
  return encodeElement(Tag.utf8String, utf8(text));
}

/** A string of single-byte characters (PrintableString, IA5String …). */
export function encodeAsciiString(tag: number, text: string): Bytes {
  return encodeElement(tag, utf8(text));
}

/**
 * An OBJECT IDENTIFIER from its dotted text.
 *
 * @throws {PkiError} `ERR_PKI_ASN1` when the text is not an object identifier
 */
export function encodeOid(dotted: string): Bytes {
  if (!/^[0-2](\.(0|[1-9][0-9]*))+$/.test(dotted)) {
    throw new PkiError('ERR_PKI_ASN1', 'expected a dotted object identifier such as 2.5.4.3');
  }
  const [first, second, ...rest] = dotted.split('.').map(BigInt) as [bigint, bigint, ...bigint[]];
  return encodeElement(Tag.oid, Uint8Array.from([first * 40n + second, ...rest].flatMap(encodeArc)));
}

function encodeArc(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}

/** A Time of RFC 5280, 4.1.2.5: UTCTime until 2049, GeneralizedTime from then (or before 1950). Fractions are dropped. */
export function encodeTime(date: Date): Bytes {
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? encodeAsciiString(Tag.utcTime, digits(date).slice(2))
    : encodeGeneralizedTime(date);
}

/** A GeneralizedTime of whole seconds. */
export function encodeGeneralizedTime(date: Date): Bytes {
  return encodeAsciiString(Tag.generalizedTime, digits(date));
}

function digits(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`;
}
