import { type Bytes, encodeHex } from '@notarykit/common/internal';
import { PkiError } from '../errors.js';
import { contentOf, type DerElement } from './reader.js';

function refuse(element: DerElement, expected: string, found: string): never {
  throw new PkiError('ERR_PKI_ASN1', `expected ${expected} at byte ${element.start}, found ${found}`);
}

/** A BOOLEAN: 0x00 or 0xFF (X.690, 11.1). @throws {PkiError} `ERR_PKI_ASN1` */
export function decodeBoolean(element: DerElement): boolean {
  const value = element.bytes[element.contentStart];
  if (element.end - element.contentStart !== 1 || (value !== 0 && value !== 0xff)) {
    refuse(element, 'a BOOLEAN of 0x00 or 0xff', 'another value');
  }
  return value === 0xff;
}

/** The content of an INTEGER or ENUMERATED, two's complement, in its shortest form. @throws {PkiError} `ERR_PKI_ASN1` */
export function decodeIntegerBytes(element: DerElement): Bytes {
  const content = contentOf(element);
  if (content.length === 0) refuse(element, 'an INTEGER', 'no content');
  const [first, second] = content as unknown as [number, number];
  if (content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    refuse(element, 'an INTEGER in its shortest form', 'a padded one');
  }
  return content;
}

/** An INTEGER or ENUMERATED from 0 to 2^53-1. @throws {PkiError} `ERR_PKI_ASN1` */
export function decodeUnsigned(element: DerElement): number {
  const content = decodeIntegerBytes(element);
  if ((content[0] as number) >= 0x80 || content.length > 8) refuse(element, 'an INTEGER from 0 to 2^53-1', 'another');
  let value = 0;
  for (const byte of content) value = value * 256 + byte;
  if (!Number.isSafeInteger(value)) refuse(element, 'an INTEGER from 0 to 2^53-1', 'a larger one');
  return value;
}

/** An INTEGER of any size up to 1,024 bytes. @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_LIMIT` */
export function decodeBigInteger(element: DerElement): bigint {
  const content = decodeIntegerBytes(element);
  if (content.length > 1024) throw new PkiError('ERR_PKI_LIMIT', `INTEGER of ${content.length} bytes, limit is 1024`);
  const value = BigInt(`0x${encodeHex(content)}`);
  return (content[0] as number) >= 0x80 ? value - (1n << BigInt(content.length * 8)) : value;
}

/** The magnitude of a positive INTEGER, without its sign byte. @throws {PkiError} `ERR_PKI_ASN1` */
export function decodePositiveBytes(element: DerElement): Bytes {
  const content = decodeIntegerBytes(element);
  if ((content[0] as number) >= 0x80 || (content.length === 1 && content[0] === 0)) {
    refuse(element, 'a positive INTEGER', 'zero or a negative one');
  }
  return content[0] === 0 ? content.subarray(1) : content;
}

/** A BIT STRING: its octets, and how many bits of the last one are not used (they are zero). */
export interface BitString {
  readonly bytes: Bytes;
  readonly unusedBits: number;
}

/** A BIT STRING whose unused bits are zero (X.690, 11.2). @throws {PkiError} `ERR_PKI_ASN1` */
export function decodeBitString(element: DerElement): BitString {
  const content = contentOf(element);
  const unusedBits = content[0];
  if (unusedBits === undefined || unusedBits > 7 || (content.length === 1 && unusedBits > 0)) {
    return refuse(element, 'a BIT STRING', 'a wrong count of unused bits');
  }
  const last = content[content.length - 1] as number;
  if (unusedBits > 0 && (last & ((1 << unusedBits) - 1)) !== 0) {
    refuse(element, 'a BIT STRING with unused bits zero', 'others');
  }
  return { bytes: content.subarray(1), unusedBits };
}

/** A BIT STRING of whole octets, as signatures and keys are. @throws {PkiError} `ERR_PKI_ASN1` */
export function decodeOctetBitString(element: DerElement): Bytes {
  const { bytes, unusedBits } = decodeBitString(element);
  if (unusedBits !== 0) refuse(element, 'a BIT STRING of whole octets', `${unusedBits} unused bits`);
  return bytes;
}

/** A NULL. @throws {PkiError} `ERR_PKI_ASN1` */
export function decodeNull(element: DerElement): null {
  if (element.end !== element.contentStart) refuse(element, 'a NULL', 'content');
  return null;
}

const longestOid = 128;

/**
 * The dotted text of an OBJECT IDENTIFIER, exact for arcs of any size (2.5.29.(2^32+19) is not 2.5.29.19).
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_LIMIT`
 */
export function decodeOid(element: DerElement): string {
  const { bytes, contentStart, end } = element;
  if (end - contentStart > longestOid) {
    throw new PkiError('ERR_PKI_LIMIT', `OBJECT IDENTIFIER of ${end - contentStart} bytes, limit is ${longestOid}`);
  }
  if (end === contentStart || (bytes[end - 1] as number) >= 0x80) refuse(element, 'an OBJECT IDENTIFIER', 'a cut one');
  let text = '';
  for (let at = contentStart; at < end; at++) {
    if (bytes[at] === 0x80) refuse(element, 'an OBJECT IDENTIFIER in its shortest form', 'a padded arc');
    const first = at;
    while ((bytes[at] as number) >= 0x80) at++;
    const arc = arcOf(bytes, first, at);
    text += text === '' ? firstArcs(arc) : `.${arc}`;
  }
  return text;
}

function arcOf(bytes: Bytes, first: number, last: number): number | bigint {
  if (last - first < 7) {
    let arc = 0;
    for (let i = first; i <= last; i++) arc = arc * 128 + ((bytes[i] as number) & 0x7f);
    return arc;
  }
  let arc = 0n;
  for (let i = first; i <= last; i++) arc = (arc << 7n) | BigInt((bytes[i] as number) & 0x7f);
  return arc;
}

function firstArcs(arc: number | bigint): string {
  if (arc < 40) return `0.${arc}`;
  if (arc < 80) return `1.${Number(arc) - 40}`;
  return `2.${typeof arc === 'bigint' ? arc - 80n : arc - 80}`;
}
