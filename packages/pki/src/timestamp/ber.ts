import { type Bytes, concatBytes } from '@notarykit/common';
import { encodeElement, scanDer } from '../asn1/index.js';
import { PkiError } from '../errors.js';

/** Limits of {@link normalizeBer}. */
export interface BerLimits {
  /** How deep elements may be nested. Default 32. */
  readonly maxDepth?: number;
  /** How many elements there may be. Default 20,000. */
  readonly maxElements?: number;
}

/**
 * BER (X.690, 8) as DER: lengths in their shortest form, strings in one piece. Only CMS may be BER (RFC 5652, 2): authorities
 * do send indefinite lengths. The order within a SET OF stays; what is then still not DER is refused.
 *
 * @throws {PkiError} `ERR_PKI_ASN1`, `ERR_PKI_LIMIT`
 */
export function normalizeBer(bytes: Uint8Array, limits: BerLimits = {}): Bytes {
  const { maxDepth = 32, maxElements = 20_000 } = limits;
  const reader = new BerReader(bytes, maxDepth, maxElements);
  const der = reader.element(bytes.length, 0);
  if (reader.at !== bytes.length) refuse(`the end at byte ${reader.at}`, `${bytes.length - reader.at} more bytes`);
  scanDer(der, limits);
  return der;
}

const stringTags: ReadonlySet<number> = new Set([0x03, 0x04, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a, 0x1c, 0x1e]);

class BerReader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #maxDepth: number;
  readonly #maxElements: number;
  #elements = 0;

  constructor(bytes: Uint8Array, maxDepth: number, maxElements: number) {
    this.#bytes = bytes;
    this.#maxDepth = maxDepth;
    this.#maxElements = maxElements;
  }

  /** The next element, re-encoded; it must end at or before `end`. */
  element(end: number, depth: number): Bytes {
    if (++this.#elements > this.#maxElements) limit(`more than ${this.#maxElements} ASN.1 elements`);
    if (depth > this.#maxDepth) limit(`ASN.1 nested deeper than ${this.#maxDepth} levels`);
    const tag = this.#byte(end);
    if ((tag & 0x1f) === 0x1f) refuse(`a tag of one octet at byte ${this.at - 1}`, 'a longer one');
    const length = this.#length(end);
    if ((tag & 0x20) === 0) return this.#primitive(tag, length, end);
    const content = this.#content(length, end, depth);
    const isString = (tag & 0xc0) === 0 && stringTags.has(tag & 0x1f);
    return isString ? joinString(tag & 0x1f, content) : encodeElement(tag, ...content);
  }

  #byte(end: number): number {
    if (this.at >= end) refuse('an element', 'the end');
    return this.#bytes[this.at++] as number;
  }

  /** -1 is the indefinite form. */
  #length(end: number): number {
    const first = this.#byte(end);
    if (first < 0x80) return first;
    const octets = first & 0x7f;
    if (octets === 0) return -1;
    let length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + this.#byte(end);
    if (length > end - this.at) refuse(`an element of at most ${end - this.at} bytes`, 'a longer one');
    return length;
  }

  #primitive(tag: number, length: number, end: number): Bytes {
    if (length < 0) refuse('a definite length of a primitive element', 'the indefinite form');
    if (length > end - this.at) refuse(`an element of at most ${end - this.at} bytes`, 'a longer one');
    const content = this.#bytes.subarray(this.at, this.at + length);
    this.at += length;
    return encodeElement(tag, content);
  }

  #content(length: number, end: number, depth: number): Bytes[] {
    const parts: Bytes[] = [];
    if (length >= 0) {
      const last = this.at + length;
      if (last > end) refuse(`an element of at most ${end - this.at} bytes`, 'a longer one');
      while (this.at < last) parts.push(this.element(last, depth + 1));
      return parts;
    }
    while (!this.#isEndOfContents(end)) parts.push(this.element(end, depth + 1));
    this.at += 2;
    return parts;
  }

  #isEndOfContents(end: number): boolean {
    return this.at + 2 <= end && this.#bytes[this.at] === 0 && this.#bytes[this.at + 1] === 0;
  }
}

/** Segments of a constructed string in one piece; those of a BIT STRING each begin with a count of unused bits. */
function joinString(tag: number, segments: readonly Bytes[]): Bytes {
  const contents = segments.map((segment) => {
    if (segment[0] !== tag) refuse(`segments of tag ${tag} in a constructed string`, `tag ${segment[0]}`);
    return segment.subarray(headerLength(segment));
  });
  if (tag !== 0x03) return encodeElement(tag, concatBytes(contents));
  if (contents.slice(0, -1).some((content) => content[0] !== 0))
    refuse('whole octets in a BIT STRING', 'other segments');
  const unused = contents.at(-1)?.subarray(0, 1) ?? new Uint8Array(1);
  return encodeElement(tag, concatBytes([unused, ...contents.map((content) => content.subarray(1))]));
}

function headerLength(der: Bytes): number {
  const first = der[1] as number;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function refuse(expected: string, found: string): never {
  throw new PkiError('ERR_PKI_ASN1', `expected ${expected}, found ${found}`);
}

function limit(message: string): never {
  throw new PkiError('ERR_PKI_LIMIT', message);
}
