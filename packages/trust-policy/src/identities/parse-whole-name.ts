import { concatBytes, quote } from '@notarykit/common/internal';
import { type NameAttribute, parseName } from '@notarykit/pki/internal/core';
import { NameProblem, withoutEscapes } from './distinguished-name.js';
import { controls } from './subject.js';
import { shortNames, spelledOnce, type WholeName } from './whole-name.js';

const types: ReadonlyMap<string, string> = /* @__PURE__ */ (() =>
  new Map([['S', '2.5.4.8'], ...Object.entries(shortNames).map(([oid, name]) => [name, oid] as const)]))();

/** A whole subject, or why the text is not one. */
export type ParsedWholeName = { readonly whole: WholeName } | { readonly problem: string };

/**
 * Parses a whole subject as `printWholeName` writes it, and as RFC 4514 does: `type=value` by `,` or `+`, in any order, each as often
 * as it is in the subject; a type by name or as numbers, a value as text or as `#` and its DER in hexadecimal.
 */
export function parseWholeName(text: string): ParsedWholeName {
  try {
    return { whole: split(text).map(parseAttribute).sort() };
  } catch (problem) {
    if (!(problem instanceof NameProblem)) throw problem;
    return { problem: problem.problem };
  }
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

/** A value as it would appear in a certificate. */
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
