import { concatBytes, encodeHex, quote } from '@notarykit/common';
import { type Name, type NameAttribute, parseName } from '@notarykit/pki';
import { NameProblem, withoutEscapes } from './distinguished-name.js';
import { comparableTags, controls, typeNames } from './subject.js';

/** All attributes of a subject, in an order that is the same for the same attributes. */
export type WholeName = readonly string[];

/** Short names of attribute types: those of identities by attributes, and the others of RFC 4514, 3. */
const shortNames: Readonly<Record<string, string>> = {
  ...typeNames,
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'E',
};
const types: ReadonlyMap<string, string> = /* @__PURE__ */ (() =>
  new Map([['S', '2.5.4.8'], ...Object.entries(shortNames).map(([oid, name]) => [name, oid] as const)]))();

/**
 * Parses a whole subject as {@link printWholeName} writes it, and as RFC 4514 does: `type=value` by `,` or `+`, in any order, each as often
 * as it stands in the subject; a type by name or as numbers, a value as text or as `#` and its DER in hexadecimal.
 */
export function parseWholeName(text: string): { readonly whole: WholeName } | { readonly problem: string } {
  try {
    return { whole: split(text).map(parseAttribute).sort() };
  } catch (problem) {
    if (!(problem instanceof NameProblem)) throw problem;
    return { problem: problem.problem };
  }
}

/** What {@link parseWholeName} gives for the printed subject. Texts are compared as texts, whatever their string type. */
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
function spelledOnce(attribute: NameAttribute): string {
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

/** Parts between separators, escapes still in place. */
function split(text: string): string[] {
  const parts = [''];
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === ',' || char === ';' || char === '+') parts.push('');
    else {
      const taken = char === '\\' ? text.slice(i, i + 2) : char;
      parts[parts.length - 1] += taken;
      i += taken.length - 1;
    }
  }
  return parts;
}

function parseAttribute(part: string): string {
  const equals = part.indexOf('=');
  if (equals < 1) throw new NameProblem(`expected "type=value", found ${quote(part)}`);
  const type = typeOf(part.slice(0, equals).replace(/^ +| +$/g, ''));
  const written = part.slice(equals + 1).replace(/^ +| +$/g, '');
  if (written.startsWith('#')) return `${type}=${spelledOnce(decode(written.slice(1)))}`;
  const value = withoutEscapes(part.slice(equals + 1));
  if (controls.test(value))
    throw new NameProblem(`${quote(type)} holds a control character: write it as "#" and its DER`);
  return `${type}="${value}`;
}

function typeOf(written: string): string {
  const type = types.get(written) ?? written;
  if (/^[0-2](?:\.(?:0|[1-9]\d*))+$/.test(type)) return type;
  throw new NameProblem(
    `expected one of ${[...types.keys()].join(', ')} or numbers with dots, found ${quote(written)}`,
  );
}

/** A value as it would stand in a certificate. */
function decode(hex: string): NameAttribute {
  try {
    if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) throw new NameProblem('no hexadecimal');
    const value = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const attribute = element(0x30, concatBytes([commonName, value]));
    const [rdn] = parseName(element(0x30, element(0x31, attribute))).rdns;
    return (rdn as readonly NameAttribute[])[0] as NameAttribute;
  } catch {
    throw new NameProblem(`expected the DER of a value in hexadecimal, found ${quote(`#${hex}`)}`);
  }
}

const commonName = /* @__PURE__ */ Uint8Array.of(0x06, 0x03, 0x55, 0x04, 0x03);

/** A DER element of at most 64 KiB. */
function element(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concatBytes([Uint8Array.of(tag, ...size), content]);
}
