import { type Bytes, quote } from '@notarykit/common';
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

/**
 * A distinguished name, DER, its attributes in the order given: by their short names (`C`, `ST`, `L`, `STREET`, `POSTALCODE`,
 * `O`, `OU`, `CN`, `SERIALNUMBER`) or as dotted OIDs. Country and serial number are PrintableString, all others UTF8String.
 *
 * @throws {PkiError} `ERR_PKI_CERTIFICATE` for an unknown type or an empty value
 */
export function encodeName(attributes: Readonly<Record<string, string>>): Bytes {
  return encodeSequence(...Object.entries(attributes).map(([type, value]) => encodeSet(encodeAttribute(type, value))));
}

function encodeAttribute(type: string, value: string): Bytes {
  const oid = Object.hasOwn(types, type) ? types[type] : /^\d+(\.\d+)+$/.test(type) ? type : undefined;
  if (oid === undefined)
    throw new PkiError('ERR_PKI_CERTIFICATE', `expected an attribute such as CN or 2.5.4.3, found ${quote(type)}`);
  if (value === '') throw new PkiError('ERR_PKI_CERTIFICATE', `expected a value of ${quote(type)}, found an empty one`);
  const isPrintable = oid === types['C'] || oid === types['SERIALNUMBER'];
  if (isPrintable && !/^[A-Za-z0-9 '()+,\-./:=?]+$/.test(value)) {
    throw new PkiError('ERR_PKI_CERTIFICATE', `expected a printable ASCII value of ${type}, found ${quote(value)}`);
  }
  return encodeSequence(
    encodeOid(oid),
    isPrintable ? encodeAsciiString(Tag.printableString, value) : encodeUtf8String(value),
  );
}
