import { encodeHex } from '@notarykit/common/internal';
import type { Name, NameAttribute } from '@notarykit/pki/internal/core';
import { comparableTags, controls, typeNames } from './subject.js';

/** All attributes of a subject, in an order that is the same for the same attributes. */
export type WholeName = readonly string[];

/** Short names of attribute types: those of identities by attributes, and the others of RFC 4514, 3. */
export const shortNames: Readonly<Record<string, string>> = {
  ...typeNames,
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'E',
};

/** What `parseWholeName` gives for the printed subject. Texts are compared as texts, whatever their string type. */
export function wholeNameOf({ rdns }: Name): WholeName {
  return rdns
    .flat()
    .map((attribute) => `${attribute.type}=${spelledOnce(attribute)}`)
    .sort();
}

/** A whole subject, last attribute first, as an identity names it; nothing in it hides what it shows. */
export function printWholeName({ rdns }: Name): string {
  const printed = rdns.map((rdn) => rdn.map(print).join('+'));
  return printed.reverse().join(',');
}

export function isSameName(a: WholeName, b: WholeName): boolean {
  return a.length === b.length && a.every((attribute, i) => attribute === b[i]);
}

/** A text that decodes in one way only, or the DER of anything else. */
export function spelledOnce(attribute: NameAttribute): string {
  return isPlain(attribute) ? `"${attribute.value}` : `#${encodeHex(attribute.der)}`;
}

function isPlain({ value, der }: NameAttribute): boolean {
  return comparableTags.includes(der[0] as number) && !controls.test(value);
}

function print(attribute: NameAttribute): string {
  const type = shortNames[attribute.type] ?? attribute.type;
  const isShown = isPlain(attribute) && !/[\p{C}\u2028\u2029]/u.test(attribute.value);
  return `${type}=${isShown ? escapeValue(attribute.value) : `#${encodeHex(attribute.der)}`}`;
}

/** RFC 4514, 2.4; an equals sign, too, so that no reader sees an attribute in a value. */
function escapeValue(value: string): string {
  return value.replace(/[,+"\\<>;=]|^[ #]| $/g, '\\$&');
}
