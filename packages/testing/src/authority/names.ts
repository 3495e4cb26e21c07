import type { Bytes } from '@notarykit/common';
import { element, oid, printableString, sequence, utf8String } from './der.js';

/** Attributes of a subject, in the certificate's order; a key may be a dotted OID. */
export type SubjectAttributes = Readonly<Record<string, string | readonly string[]>>;

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
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
};

/** The DER of a name: one relative distinguished name for each value. */
export function encodeName(attributes: SubjectAttributes): Bytes {
  const pairs = Object.entries(attributes).flatMap(([type, values]) =>
    [values].flat().map((value) => [type, value as string] as const),
  );
  return sequence(
    ...pairs.map(([type, value]) => element(0x31, sequence(oid(types[type] ?? type), text(type, value)))),
  );
}

function text(type: string, value: string): Bytes {
  return type === 'C' || type === 'SERIALNUMBER' ? printableString(value) : utf8String(value);
}
