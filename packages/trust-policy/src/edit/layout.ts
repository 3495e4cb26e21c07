import { itemSpans, memberSpans, type Span } from './spans.js';

/** Puts text in the place of a span. */
export function splice(text: string, { start, end }: Span, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** Replaces a list by another one, with each item on its own line if the replaced list has line breaks. */
export function replaceList(text: string, list: Span, items: readonly string[]): string {
  const before = text.slice(list.start, list.end);
  if (!before.includes('\n')) return splice(text, list, inline(items, before));
  return splice(text, list, broken(items, indentOf(text, list.start), text));
}

/** A member at the end of an object. */
export function addMember(text: string, object: Span, name: string, items: readonly string[]): string {
  const last = memberSpans(text, object).at(-1);
  const member = `${JSON.stringify(name)}: ${inline(items, '')}`;
  return last === undefined ? text : insertAfter(text, last, member);
}

/** A value in an array, before another one or at its end. */
export function addItem(text: string, array: Span, value: object, before?: Span): string {
  const first = before ?? itemSpans(text, array)[0];
  const written = rendered(value, text, first === undefined ? '' : indentOf(text, first.start));
  if (before !== undefined)
    return splice(text, { start: before.start, end: before.start }, `${written},${gapBefore(text, before)}`);
  const last = itemSpans(text, array).at(-1);
  return last === undefined ? splice(text, array, `[${written}]`) : insertAfter(text, last, written);
}

/** An array without one of its values, and without the comma that went with it. */
export function removeItem(text: string, array: Span, index: number): string {
  const items = itemSpans(text, array);
  const [before, item, after] = [items[index - 1], items[index], items[index + 1]];
  if (item === undefined) return text;
  if (before !== undefined) return splice(text, { start: before.end, end: item.end }, '');
  return splice(text, { start: item.start, end: after?.start ?? item.end }, '');
}

function insertAfter(text: string, last: Span, written: string): string {
  return splice(text, { start: last.end, end: last.end }, `,${gapBefore(text, last)}${written}`);
}

/** The white space before a value if it has a line break, else a space. */
function gapBefore(text: string, { start }: Span): string {
  const gap = /\s*$/.exec(text.slice(0, start))?.[0] ?? '';
  return gap.includes('\n') ? gap : ' ';
}

/** The indentation of the line that holds a position. */
function indentOf(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** One step of the text's own indentation. */
function stepOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}

const lineBreakOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

function broken(items: readonly string[], outer: string, text: string): string {
  const end = lineBreakOf(text);
  const inner = `${end}${outer}${stepOf(text)}`;
  const texts = items.map((item) => JSON.stringify(item));
  return texts.length === 0 ? '[]' : `[${inner}${texts.join(`,${inner}`)}${end}${outer}]`;
}

function inline(items: readonly string[], before: string): string {
  const texts = items.map((item) => JSON.stringify(item));
  const [open, close] = /^\[\s/.test(before) ? ['[ ', ' ]'] : ['[', ']'];
  return `${open}${texts.join(/",\S/.test(before) ? ',' : ', ')}${close}`;
}

function rendered(value: object, text: string, indent: string): string {
  if (!text.includes('\n')) return JSON.stringify(value);
  return JSON.stringify(value, undefined, stepOf(text)).replaceAll('\n', `${lineBreakOf(text)}${indent}`);
}
