import type { Bytes } from '@notarykit/common/internal';
import { PrintableString, Set as SetOf, Utf8String } from 'asn1js';
import { AttributeTypeAndValue } from 'pkijs';
import { derOf, sequence } from './der.js';

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

/** The DER of a name: one relative distinguished name for each value, where pkijs puts all of them into one. */
export function encodeName(attributes: SubjectAttributes): Bytes {
  const pairs = Object.entries(attributes).flatMap(([type, values]) =>
    [values].flat().map((value) => [type, value as string] as const),
  );
  const names = pairs.map(
    ([type, value]) => new AttributeTypeAndValue({ type: types[type] ?? type, value: text(type, value) }),
  );
  return derOf(sequence(...names.map((name) => new SetOf({ value: [name.toSchema()] }))));
}

function text(type: string, value: string): PrintableString | Utf8String {
  return type === 'C' || type === 'SERIALNUMBER' ? new PrintableString({ value }) : new Utf8String({ value });
}
