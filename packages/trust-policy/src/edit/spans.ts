/** Where a value is in a text: from its first character to the one after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A member of an object, and its value. */
export interface MemberSpan extends Span {
  readonly name: string;
  readonly value: Span;
}

// The text was parsed before and is one valid JSON document: errors are not checked for.

/** The value of a document. */
export function rootSpan(text: string): Span {
  const start = skipBlanks(text, 0);
  return { start, end: valueEnd(text, start) };
}

/** The values of an array, in their order. */
export function itemSpans(text: string, { start, end }: Span): readonly Span[] {
  const items: Span[] = [];
  for (let at = skipBlanks(text, start + 1); at < end - 1; at = nextValue(text, items.at(-1)?.end ?? end))
    items.push({ start: at, end: valueEnd(text, at) });
  return items;
}

/** The members of an object, in their order. */
export function memberSpans(text: string, { start, end }: Span): readonly MemberSpan[] {
  const members: MemberSpan[] = [];
  for (let at = skipBlanks(text, start + 1); at < end - 1; at = nextValue(text, members.at(-1)?.end ?? end)) {
    const nameEnd = valueEnd(text, at);
    const from = skipBlanks(text, skipBlanks(text, nameEnd) + 1);
    const value = { start: from, end: valueEnd(text, from) };
    members.push({ name: JSON.parse(text.slice(at, nameEnd)) as string, start: at, end: value.end, value });
  }
  return members;
}

/** The start of what comes after a comma, if one does. */
function nextValue(text: string, end: number): number {
  const at = skipBlanks(text, end);
  return text[at] === ',' ? skipBlanks(text, at + 1) : Number.POSITIVE_INFINITY;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '.')) at++;
  return at;
}

function valueEnd(text: string, start: number): number {
  if (text[start] === '"') return textEnd(text, start);
  let at = start;
  let depth = 0;
  while (at < text.length) {
    const character = text[at] as string;
    if (depth === 0 && at > start && /[\s,\]}]/.test(character)) return at;
    if (character === '"') {
      at = textEnd(text, at);
      continue;
    }
    if (character === '{' || character === '[') depth++;
    if (character === '}' || character === ']') depth--;
    at++;
    if (depth === 0 && (character === '}' || character === ']')) return at;
  }
  return at;
}

function textEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
