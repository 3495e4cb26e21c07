import { type Bytes, requireBytes } from '@notarykit/common/internal';
import { PkiError } from '../errors.js';

/** One element (tag, length, value) of a DER document, as offsets into it. */
export interface DerElement {
  readonly bytes: Bytes;
  /** The identifier octet, for example `0x30` for a SEQUENCE. */
  readonly tag: number;
  /** Offset of the identifier octet. */
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

/** The identifier octets of X.509 (X.690, 8.1.2); context tags by {@link contextTag}. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of `[number]`: constructed (explicit, or an implicit SEQUENCE) unless said otherwise. */
export function contextTag(number: number, form: 'constructed' | 'primitive' = 'constructed'): number {
  return (form === 'constructed' ? 0xa0 : 0x80) | number;
}

/**
 * Reads elements one after the other, strictly (X.690, 10): definite lengths in their shortest form, one-octet tags,
 * nothing past the end. It holds offsets only, so that a CRL of millions of entries is read in place: {@link advance}
 * allocates nothing.
 */
export class DerReader {
  readonly bytes: Bytes;
  /** Where this reader ends. */
  readonly end: number;
  /** Offset of the element after the current one. */
  position: number;
  /** The current element, after {@link advance}: its identifier octet and offsets. */
  tag = -1;
  start = 0;
  contentStart = 0;
  contentEnd = 0;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.bytes = bytes as Bytes;
    this.position = start;
    this.end = end;
  }

  /** Whether another element follows. */
  get more(): boolean {
    return this.position < this.end;
  }

  /** The identifier octet of the element that follows; -1 at the end. */
  get nextTag(): number {
    return this.position < this.end ? (this.bytes[this.position] as number) : -1;
  }

  /**
   * Steps to the next element, whatever it is, and returns its identifier octet.
   *
   * @throws {PkiError} `ERR_PKI_ASN1`
   */
  advance(): number {
    const { bytes, end } = this;
    let at = this.position;
    if (at + 2 > end) this.fail('an element', 'the end');
    const tag = bytes[at] as number;
    if ((tag & 0x1f) === 0x1f) this.fail('a tag of one octet', 'a longer one');
    let length = bytes[at + 1] as number;
    at += 2;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      length = this.#longLength(at, octets);
      at += octets;
    }
    if (length > end - at) this.fail(`an element of at most ${end - at} bytes`, `a length of ${length}`);
    this.tag = tag;
    this.start = this.position;
    this.contentStart = at;
    this.contentEnd = at + length;
    this.position = this.contentEnd;
    return tag;
  }

  #longLength(at: number, octets: number): number {
    if (octets === 0) this.fail('a definite length', 'the indefinite form');
    if (octets > 4) this.fail('a length of at most 4 octets', `${octets}`);
    if (at + octets > this.end) this.fail('a length', 'the end');
    let length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (this.bytes[at + i] as number);
    if (length < 0x80 || length < 256 ** (octets - 1)) this.fail('a length in its shortest form', 'a longer one');
    return length;
  }

  /** The next element, which must have this tag. @throws {PkiError} `ERR_PKI_ASN1` */
  element(tag: number, what: string): DerElement {
    if (this.nextTag !== tag)
      this.fail(`${what} (tag ${hex(tag)})`, this.more ? `tag ${hex(this.nextTag)}` : 'the end');
    return this.any();
  }

  /** The next element, whatever its tag. @throws {PkiError} `ERR_PKI_ASN1` */
  any(): DerElement {
    this.advance();
    return {
      bytes: this.bytes,
      tag: this.tag,
      start: this.start,
      contentStart: this.contentStart,
      end: this.contentEnd,
    };
  }

  /** The next element if it has this tag. @throws {PkiError} `ERR_PKI_ASN1` */
  optional(tag: number): DerElement | undefined {
    return this.nextTag === tag ? this.any() : undefined;
  }

  /** A reader of the content of the next element, which must have this tag. @throws {PkiError} `ERR_PKI_ASN1` */
  enter(tag: number, what: string): DerReader {
    if (this.nextTag !== tag) this.element(tag, what);
    this.advance();
    return new DerReader(this.bytes, this.contentStart, this.contentEnd);
  }

  /** A reader of the content of the next element if it has this tag. @throws {PkiError} `ERR_PKI_ASN1` */
  enterOptional(tag: number): DerReader | undefined {
    return this.nextTag === tag ? this.enter(tag, '') : undefined;
  }

  /** Checks that nothing follows. @throws {PkiError} `ERR_PKI_ASN1` */
  finish(what: string): void {
    if (this.more) this.fail(`the end of ${what}`, `${this.end - this.position} more bytes`);
  }

  /** Refuses the document at the current position. @throws {PkiError} `ERR_PKI_ASN1` always */
  fail(expected: string, found: string): never {
    throw new PkiError('ERR_PKI_ASN1', `expected ${expected} at byte ${this.position}, found ${found}`);
  }
}

/** The only element of a document: nothing may follow it. @throws {PkiError} `ERR_PKI_ASN1` */
export function readDerDocument(bytes: Uint8Array, tag: number, what: string): DerReader {
  const document = new DerReader(requireBytes(bytes, what));
  const content = document.enter(tag, what);
  document.finish(what);
  return content;
}

/** A reader of the content of a constructed element. */
export function readerOf(element: DerElement): DerReader {
  return new DerReader(element.bytes, element.contentStart, element.end);
}

/** The bytes of an element, tag and length included. */
export function derOf(element: DerElement): Bytes {
  return element.bytes.subarray(element.start, element.end);
}

/** The content of an element. */
export function contentOf(element: DerElement): Bytes {
  return element.bytes.subarray(element.contentStart, element.end);
}

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}
