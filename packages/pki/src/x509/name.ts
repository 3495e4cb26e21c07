import { copyBytes, encodeHex } from '@notarykit/common/internal';
import {
  type DerElement,
  type DerReader,
  decodeOid,
  decodeString,
  derOf,
  encodeAsciiString,
  encodeUtf8String,
  isStringTag,
  readDerDocument,
  readerOf,
  Tag,
} from '../asn1/index.js';
import type { Name, NameAttribute } from './certificate.js';

/**
 * Parses a distinguished name (RFC 5280, 4.1.2.4).
 *
 * @throws {PkiError} `ERR_PKI_ASN1`
 */
export function parseName(der: Uint8Array): Name {
  const bytes = copyBytes(der);
  return { der: bytes, rdns: readRdns(readDerDocument(bytes, Tag.sequence, 'a name')) };
}

/** The name of an element. */
export function nameOf(element: DerElement): Name {
  return { der: derOf(element), rdns: readRdns(readerOf(element)) };
}

function readRdns(reader: DerReader): NameAttribute[][] {
  const rdns: NameAttribute[][] = [];
  while (reader.more) {
    const set = reader.enter(Tag.set, 'a relative distinguished name');
    const attributes: NameAttribute[] = [];
    do attributes.push(readAttribute(set.enter(Tag.sequence, 'an attribute')));
    while (set.more);
    rdns.push(attributes);
  }
  return rdns;
}

function readAttribute(reader: DerReader): NameAttribute {
  const type = decodeOid(reader.element(Tag.oid, 'an attribute type'));
  const element = reader.any();
  reader.finish('an attribute');
  const der = derOf(element);
  return { type, value: isStringTag(element.tag) ? decodeString(element) : `#${encodeHex(der)}`, der };
}

const shortNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.17': 'POSTALCODE',
};

// The order in which Go gathers the attributes it knows; the text is written from the last to the first.
const gathered = ['2.5.4.6', '2.5.4.8', '2.5.4.7', '2.5.4.9', '2.5.4.17', '2.5.4.10', '2.5.4.11'];
const lastOnly = ['2.5.4.3', '2.5.4.5'];

/**
 * A name as Go's `pkix.Name.String()` writes it, which is what notation shows and matches: attributes in Go's order
 * whatever the certificate's, values of one type joined by `+`, the last of several common names, other attributes at the end as
 * `OID=#hex`.
 *
 * @example
 * ```ts
 * formatName(certificate.subject); // "CN=wabbit-networks.io,O=Notary,L=Seattle,ST=WA,C=US"
 * ```
 */
export function formatName(name: Name): string {
  const attributes = name.rdns.flat();
  const others = attributes.filter(({ type }) => !(type in shortNames)).map(formatOther);
  const known = gathered.map((type) =>
    attributes
      .filter((attribute) => attribute.type === type)
      .map(formatKnown)
      .join('+'),
  );
  const single = lastOnly.map((type) => {
    const last = attributes.filter((attribute) => attribute.type === type).at(-1);
    return last === undefined || last.value === '' ? '' : formatKnown(last);
  });
  return [...others, ...known, ...single]
    .filter((text) => text !== '')
    .reverse()
    .join(',');
}

function formatKnown({ type, value }: NameAttribute): string {
  return `${shortNames[type]}=${escapeValue(value)}`;
}

const printableOnly = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

// Go decodes the value and encodes it anew, as PrintableString where it can be one.
function formatOther({ type, value, der }: NameAttribute): string {
  const encoded = !isStringTag(der[0] as number)
    ? der
    : printableOnly.test(value)
      ? encodeAsciiString(Tag.printableString, value)
      : encodeUtf8String(value);
  return `${type}=#${encodeHex(encoded)}`;
}

// Nearly all values: ASCII, nothing to escape within, no blank or # at an edge.
const plainValue = /^[^ #,+"\\<>;\u0080-\uffff](?:[^,+"\\<>;\u0080-\uffff]*[^ ,+"\\<>;\u0080-\uffff])?$/;

/** Escapes a value as RFC 4514, 2.4, asks, the way Go does it. */
function escapeValue(value: string): string {
  if (plainValue.test(value)) return value;
  // Go compares the offset in bytes with the length in bytes.
  const last = utf8Length(value) - 1;
  let offset = 0;
  let text = '';
  for (const character of value) {
    const isEdge = offset === 0 || offset === last;
    const isEscaped =
      ',+"\\<>;'.includes(character) || (character === ' ' && isEdge) || (character === '#' && offset === 0);
    text += isEscaped ? `\\${character}` : character;
    offset += utf8Length(character);
  }
  return text;
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return length;
}
