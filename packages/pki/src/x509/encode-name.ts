import { type Bytes, describeKind, quote } from '@notarykit/common/internal';
import { encodeAsciiString, encodeOid, encodeSequence, encodeSet, encodeUtf8String, Tag } from '../asn1/index.js';
import { PkiError } from '../errors.js';

const types: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  POSTALCODE: '2.5.4.17',
};

/** The longest values (RFC 5280, A.1, upper bounds); of all others 128. */
const longest: Readonly<Record<string, number>> = { '2.5.4.3': 64, '2.5.4.5': 64, '2.5.4.10': 64, '2.5.4.11': 64 };

/**
 * A distinguished name, DER, its attributes in the order given: by their short names (`C`, `ST`, `L`, `STREET`, `POSTALCODE`,
 * `O`, `OU`, `CN`, `SERIALNUMBER`) or as dotted OIDs. Country and serial number are PrintableString, all others UTF8String.
 *
 * @throws {PkiError} `ERR_PKI_CERTIFICATE` for a name without attributes, an unknown type, and a value that is not a string, empty,
 * longer than RFC 5280 allows or holds a lone surrogate or a control character; a country has two letters
 */
export function encodeName(attributes: Readonly<Record<string, string>>): Bytes {
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
    throw malformed(`expected a subject such as { CN: 'release' }, found ${describeKind(attributes)}`);
  const entries = Object.entries(attributes);
  if (entries.length === 0) throw malformed('expected a subject with at least one attribute, found none');
  return encodeSequence(...entries.map(([type, value]) => encodeSet(encodeAttribute(type, value))));
}

function encodeAttribute(type: string, value: unknown): Bytes {
  const oid = Object.hasOwn(types, type) ? types[type] : /^[0-2](\.(0|[1-9]\d*))+$/.test(type) ? type : undefined;
  if (oid === undefined) throw malformed(`expected an attribute such as CN or 2.5.4.3, found ${quote(type)}`);
  const text = checkValue(type, oid, value);
  const isPrintable = oid === types['C'] || oid === types['SERIALNUMBER'];
  if (isPrintable && !/^[A-Za-z0-9 '()+,\-./:=?]+$/.test(text)) {
    throw malformed(`expected a printable ASCII value of ${type}, found ${quote(text)}`);
  }
  return encodeSequence(
    encodeOid(oid),
    isPrintable ? encodeAsciiString(Tag.printableString, text) : encodeUtf8String(text),
  );
}

function checkValue(type: string, oid: string, value: unknown): string {
  if (typeof value !== 'string') throw malformed(`expected a string for ${quote(type)}, found ${describeKind(value)}`);
  if (value.trim() === '') throw malformed(`expected a value of ${quote(type)}, found an empty one`);
  if (oid === types['C'] && !/^[A-Za-z]{2}$/.test(value))
    throw malformed(`expected a country of two letters (ISO 3166), found ${quote(value)}`);
  const most = longest[oid] ?? 128;
  if (value.length > most)
    throw malformed(`expected at most ${most} characters of ${quote(type)}, found ${value.length}`);
  if (/[\u0000-\u001f\u007f-\u009f]/.test(value) || !isWellFormed(value))
    throw malformed(`expected a value of ${quote(type)} without control characters and lone surrogates`);
  return value;
}

/** Whether there is no lone surrogate: it has no UTF-8 encoding. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

function malformed(message: string): PkiError {
  return new PkiError('ERR_PKI_CERTIFICATE', message);
}
