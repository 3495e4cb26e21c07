import type { JsonValue } from './json-value.js';

/** An escape that may stand for a lone surrogate. */
const surrogateEscape = /\\u[dD][89a-fA-F]/;

/**
 * What the platform's parser, several times as fast as one in JavaScript, makes of a text, where that is surely what the strict parser
 * makes of it; `undefined` where it may not be, which includes every text that must be refused. The platform takes RFC 8259 as it is
 * written. What it takes besides our rules is found by counting: an object that names a member twice has fewer members than the text.
 *
 * Nothing is parsed that is nested deeper than `maxDepth`: a short text could demand much memory so.
 */
export function parseNatively(text: string, maxDepth: number): JsonValue | undefined {
  const members = countMembers(text, maxDepth);
  if (members === undefined || surrogateEscape.test(text)) return undefined;
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  return withoutPrototypes(value) === members ? value : undefined;
}

/** The members that all objects of a text name, or `undefined` for one that is nested too deep. Exact for a text that is JSON. */
function countMembers(text: string, maxDepth: number): number | undefined {
  let members = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = endOfString(text, at);
        if (at < 0) return undefined;
        break;
      case 0x3a:
        members++;
        break;
      case 0x7b:
      case 0x5b:
        if (++depth > maxDepth) return undefined;
        break;
      case 0x7d:
      case 0x5d:
        depth--;
    }
  }
  return members;
}

/** Where the string that begins at a quotation mark ends; -1 where it does not. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** A character is escaped by an odd number of backslashes before it. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === 0x5c) first--;
  return (at - first) % 2 === 1;
}

/** Takes the prototypes of all objects away and counts their members; NaN where a number is infinite. */
function withoutPrototypes(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? 0 : Number.NaN;
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += withoutPrototypes(item);
    return members;
  }
  Object.setPrototypeOf(value, null);
  for (const name in value) members += 1 + withoutPrototypes((value as Readonly<Record<string, unknown>>)[name]);
  return members;
}
