import { decodeUtf8, defined, isCodedError, quote, utf8 } from '@notarykit/common/internal';

/** Attributes of a distinguished name by type, or why it has none that can be compared. */
export type ParsedName =
  | { readonly attributes: ReadonlyMap<string, string> }
  | { readonly problem: string; readonly attribute?: string };

/** Without these a name says too little to be trusted (trust-store-trust-policy.md, "Trusted identities constraints"). */
export const mandatoryAttributes: readonly string[] = ['C', 'ST', 'O'];

const specials = ' "#+,;<=>\\';
const controls = /[\u0000-\u001f\u007f]/;

/** Why a name cannot be compared. */
export class NameProblem {
  readonly problem: string;
  readonly attribute: string | undefined;

  constructor(problem: string, attribute?: string) {
    this.problem = problem;
    this.attribute = attribute;
  }
}

/**
 * Parses a distinguished name of a policy (RFC 4514, with the rules of the specification): unique attributes, no
 * multi-valued RDN, no `=#` (CVE-2023-25656), C, ST (or S) and O at least. Types and values keep their case.
 */
export function parseDistinguishedName(text: string): ParsedName {
  try {
    if (text.includes('=#')) throw new NameProblem('"=#" (a value in hexadecimal BER) is not supported');
    const attributes = new Map<string, string>();
    for (const part of splitName(text)) addAttribute(attributes, part);
    checkMandatory(attributes);
    return { attributes };
  } catch (problem) {
    if (!(problem instanceof NameProblem)) throw problem;
    return { problem: problem.problem, ...defined({ attribute: problem.attribute }) };
  }
}

/** `type=value` parts, escapes still in place. */
function splitName(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\') i++;
    else if (char === '+') throw new NameProblem('multi-valued RDNs ("+") are not supported');
    else if (char === ',' || char === ';') {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function addAttribute(attributes: Map<string, string>, part: string): void {
  const equals = part.indexOf('=');
  if (equals < 1) throw new NameProblem(`expected "type=value", found ${quote(part)}`);
  const written = withoutEscapes(part.slice(0, equals));
  const type = written === 'S' ? 'ST' : written;
  if (type === '') throw new NameProblem(`expected "type=value", found ${quote(part)}`);
  const value = withoutEscapes(part.slice(equals + 1));
  if (controls.test(value)) throw new NameProblem(`${quote(type)} holds a control character`, type);
  // A first empty value does not count, as notation reads it.
  if ((attributes.get(type) ?? '') !== '') throw new NameProblem(`${quote(type)} appears twice`, type);
  attributes.set(type, value);
}

/** Text without its escapes: `\` and a special character, or `\` and two hex digits of a UTF-8 byte (RFC 4514, 3). */
export function withoutEscapes(text: string): string {
  const body = withoutBlanks(text);
  const bytes: number[] = [];
  for (let i = 0; i < body.length; i++) {
    if (body[i] !== '\\') {
      const point = body.codePointAt(i) as number;
      bytes.push(...utf8(String.fromCodePoint(point)));
      if (point > 0xffff) i++;
      continue;
    }
    const next = body.charAt(i + 1);
    const hex = body.slice(i + 1, i + 3);
    if (next !== '' && specials.includes(next)) {
      bytes.push(next.charCodeAt(0));
      i += 1;
    } else if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else throw new NameProblem(`${quote(`\\${next}`)} is not an escape of RFC 4514`);
  }
  return decode(bytes);
}

/**
 * Text without the blanks around it: U+0020 and nothing else (RFC 4514, 2.4), so that a no-break space stays part of a value. A
 * blank that is escaped stays. After an escaped backslash readers disagree whether the blank does, so that is refused.
 */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  if (end === text.length) return text.slice(start);
  let backslashes = 0;
  while (text[end - 1 - backslashes] === '\\') backslashes++;
  if (backslashes > 0 && backslashes % 2 === 0)
    throw new NameProblem('an escaped backslash before a blank is not read the same by all');
  return text.slice(start, backslashes % 2 === 0 ? end : end + 1);
}

function decode(bytes: readonly number[]): string {
  try {
    return decodeUtf8(Uint8Array.from(bytes));
  } catch (cause) {
    if (isCodedError(cause)) throw new NameProblem('escaped bytes are not UTF-8');
    throw cause;
  }
}

/** @throws {NameProblem} */
function checkMandatory(attributes: ReadonlyMap<string, string>): void {
  const missing = missingAttribute(attributes);
  if (missing !== undefined) throw new NameProblem(`${missing} is missing; C, ST (or S) and O are required`, missing);
}

/** The first mandatory attribute that a name lacks. */
export function missingAttribute(attributes: ReadonlyMap<string, string>): string | undefined {
  return mandatoryAttributes.find((type) => (attributes.get(type) ?? '') === '');
}

/** Whether every attribute of one name has the same value in the other; absent and empty are the same. */
export function isSubset(some: ReadonlyMap<string, string>, all: ReadonlyMap<string, string>): boolean {
  for (const [type, value] of some) if ((all.get(type) ?? '') !== value) return false;
  return true;
}
