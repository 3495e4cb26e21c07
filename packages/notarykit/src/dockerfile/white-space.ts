// What the Go programs that read Dockerfiles call white space (`unicode.IsSpace`); `\s` of this language differs from it.
const space = '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const leading = new RegExp(`^[${space}]+`);
const one = new RegExp(`^[${space}]$`);

export const isSpace = (character: string): boolean => one.test(character);
export const trimStart = (text: string): string => text.replace(leading, '');

/** Without white space at both ends. */
export function trim(text: string): string {
  let end = text.length;
  // A regular expression that is anchored only at the end would try every run of blanks inside the text.
  while (end > 0 && isSpace(text.charAt(end - 1))) end--;
  return trimStart(text.slice(0, end));
}

/** The words of an instruction that knows no quotes. */
export const splitAtBlanks = (text: string): string[] => text.split(/[\t\v\f\r ]+/);

/** The first word and all that follows. */
export function splitFirst(text: string): readonly [first: string, rest: string] {
  const [, first = '', rest = ''] = /^([^\t\v\f\r ]*)[\t\v\f\r ]*([\s\S]*)$/.exec(text) ?? [];
  return [first, rest];
}
