import { concatBytes, utf8 } from '@notarykit/common';
import {
  encodeElement,
  encodeInteger,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSet,
} from '@notarykit/pki/internal/asn1';
import { parseOne } from '../../../forge/der-tree.js';
import { hexBytes } from '../../../forge/hex.js';
import { at, type Change, put } from './remake.js';

const rdn = (...attributes: readonly Uint8Array[]): Uint8Array => encodeSet(...attributes);
const attribute = (type: string, value: Uint8Array): Uint8Array => encodeSequence(encodeOid(type), value);
const types = { C: '2.5.4.6', ST: '2.5.4.8', O: '2.5.4.10', CN: '2.5.4.3' };
const text = (tag: number, value: string): Uint8Array => encodeElement(tag, utf8(value));
const place = [rdn(attribute(types.C, text(0x13, 'US'))), rdn(attribute(types.ST, text(0x0c, 'WA')))];
const subject = (...more: readonly Uint8Array[]): Change => put('subject', encodeSequence(...place, ...more));
const organization = (value: Uint8Array): Change => subject(rdn(attribute(types.O, value)));

const serial =
  (octet: number): Change =>
  (fields) =>
    void fields.splice(at.serial, 1, { tag: 2, content: Uint8Array.of(octet) });

/** Other fields of the signer's certificate. */
export const changedFields: Readonly<Record<string, Change>> = {
  'several attributes in one RDN': put(
    'subject',
    encodeSequence(
      rdn(attribute(types.C, text(0x13, 'US')), attribute(types.ST, text(0x0c, 'WA'))),
      rdn(attribute(types.O, text(0x0c, 'NotaryKit Test'))),
    ),
  ),
  'Teletex organization': organization(text(0x14, 'NotaryKit Test')),
  'control character': subject(
    rdn(attribute(types.O, text(0x0c, 'NotaryKit Test'))),
    rdn(attribute(types.CN, text(0x0c, 'a\u0001'))),
  ),
  'IA5 organization': organization(text(0x16, 'NotaryKit Test')),
  'numeric organization': organization(text(0x12, '12')),
  'BMP organization': organization(encodeElement(0x1e, utf16('NotaryKit Test'))),
  'BMP with half a character': organization(encodeElement(0x1e, hexBytes('d83d0041'))),
  'visible string': organization(text(0x1a, 'NotaryKit Test')),
  'universal string': organization(encodeElement(0x1c, hexBytes('0000004e'))),
  'organization that is a number': organization(encodeInteger(5)),
  'organization that is bytes': organization(encodeOctetString(utf8('NotaryKit Test'))),
  'negative serial number': serial(0xff),
  'serial number 0': serial(0),
  'arc of 2^31': subject(
    rdn(attribute(types.O, text(0x0c, 'NotaryKit Test'))),
    rdn(attribute('1.2.2147483648', text(0x0c, 'x'))),
  ),
  'UTCTime without seconds': put('validity', encodeSequence(text(0x17, '2001010000Z'), text(0x17, '491231235959Z'))),
  'UTCTime with an offset': put(
    'validity',
    encodeSequence(text(0x17, '200101000000+0100'), text(0x17, '491231235959Z')),
  ),
  'GeneralizedTime before 2050': put(
    'validity',
    encodeSequence(text(0x18, '20200101000000Z'), text(0x18, '20491231235959Z')),
  ),
  'parameters of an algorithm that are not DER': put(
    'algorithm',
    encodeSequence(encodeOid('1.2.840.10045.4.3.2'), encodeElement(0x01, Uint8Array.of(1))),
  ),
  'parameters of an algorithm that are not a number': put(
    'algorithm',
    encodeSequence(encodeOid('1.2.840.10045.4.3.2'), encodeElement(0x02)),
  ),
  'an element after the last': (fields) => void fields.push(parseOne(encodeNull())),
};

/** ASCII as UTF-16. */
function utf16(value: string): Uint8Array {
  return concatBytes(Array.from(utf8(value), (octet) => Uint8Array.of(0, octet)));
}
