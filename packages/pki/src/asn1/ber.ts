import type { Bytes } from '@notarykit/common/internal';
import { PkiError } from '../errors.js';
import { Tag } from './reader.js';
import { type ScanLimits, scanDer } from './scan.js';
import { encodeElement } from './writer.js';

interface State {
  readonly bytes: Uint8Array;
  readonly maxDepth: number;
  readonly maxElements: number;
  elements: number;
}

/**
 * One BER document (X.690, 8) as DER: lengths definite and in their shortest form, constructed OCTET STRINGs in one piece, which
 * is what makers of CMS (RFC 5652, 2) and PKCS #12 (RFC 7292, 4) write. Nothing else is mended: constructed strings of other
 * types, padded integers, other booleans and whatever else is not DER are refused; the order within a SET OF stays.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_LIMIT`
 */
export function normalizeBer(bytes: Uint8Array, limits: ScanLimits = {}): Bytes {
  const { maxDepth = 32, maxElements = 20_000 } = limits;
  const state: State = { bytes, maxDepth, maxElements, elements: 0 };
  const { der, end } = normalizeElement(state, 0, bytes.length, 0);
  if (end !== bytes.length) refuse(end, 'the end of the document', 'more bytes');
  scanDer(der, limits);
  return der;
}

function refuse(at: number, expected: string, found: string): never {
  throw new PkiError('ERR_PKI_ASN1', `expected ${expected} at byte ${at}, found ${found}`);
}

interface Header {
  readonly tag: number;
  readonly content: number;
  /** `undefined`: indefinite. */
  readonly end: number | undefined;
}

function readHeader({ bytes }: State, at: number, limit: number): Header {
  if (at + 2 > limit) refuse(at, 'an element', 'the end');
  const tag = bytes[at] as number;
  if ((tag & 0x1f) === 0x1f) refuse(at, 'a tag of one octet', 'a longer one');
  const first = bytes[at + 1] as number;
  if (first === 0x80) {
    if ((tag & 0x20) === 0) refuse(at, 'a definite length of a primitive element', 'the indefinite form');
    return { tag, content: at + 2, end: undefined };
  }
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 8 || at + 2 + octets > limit) refuse(at, 'a length of at most 8 octets', 'another');
  let length = octets === 0 ? first : 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + 2 + i] as number);
  const content = at + 2 + octets;
  if (length > limit - content) refuse(at, `an element of at most ${limit - content} bytes`, `a length of ${length}`);
  return { tag, content, end: content + length };
}

function normalizeElement(state: State, at: number, limit: number, depth: number): { der: Bytes; end: number } {
  if (++state.elements > state.maxElements) limitReached(`more than ${state.maxElements} ASN.1 elements`);
  if (depth > state.maxDepth) limitReached(`ASN.1 nested deeper than ${state.maxDepth} levels`);
  const { tag, content, end } = readHeader(state, at, limit);
  if ((tag & 0x20) === 0) return { der: encodeElement(tag, state.bytes.subarray(content, end)), end: end as number };
  const parts: Bytes[] = [];
  let position = content;
  while (end === undefined ? !isEndOfContents(state, position, limit) : position < end) {
    const child = normalizeElement(state, position, end ?? limit, depth + 1);
    parts.push(child.der);
    position = child.end;
  }
  const der = tag === (Tag.octetString | 0x20) ? joinStrings(parts, at) : encodeElement(tag, ...parts);
  return { der, end: end ?? position + 2 };
}

function isEndOfContents({ bytes }: State, at: number, limit: number): boolean {
  return at + 2 <= limit && bytes[at] === 0 && bytes[at + 1] === 0;
}

function joinStrings(parts: readonly Bytes[], at: number): Bytes {
  for (const part of parts) if (part[0] !== Tag.octetString) refuse(at, 'pieces of an OCTET STRING', 'another element');
  return encodeElement(Tag.octetString, ...parts.map(contentOfPrimitive));
}

function contentOfPrimitive(der: Bytes): Bytes {
  const first = der[1] as number;
  return der.subarray(2 + (first < 0x80 ? 0 : first & 0x7f));
}

function limitReached(message: string): never {
  throw new PkiError('ERR_PKI_LIMIT', message);
}
