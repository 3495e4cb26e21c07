import { quote } from '@notarykit/common/internal';
import { dockerfileError } from './error.js';
import type { EscapeMark } from './lines.js';
import { isSpace, trimStart } from './white-space.js';

/** The flags before the arguments of an instruction, without their quotes and escapes, and the rest. */
export interface Flags {
  readonly flags: readonly string[];
  readonly rest: string;
}

/** Flags may be quoted and escaped anywhere, in their names too: `--f\rom=image`, `--fr"om=image"`. */
export function readFlags(text: string, escapeMark: EscapeMark, line: number): Flags {
  const flags: string[] = [];
  let rest = trimStart(text);
  while (rest.startsWith('--')) {
    const { word, length } = readWord(rest, escapeMark, line);
    rest = rest.slice(length);
    if (word === '--') break;
    flags.push(word);
    rest = trimStart(rest);
  }
  return { flags, rest };
}

function readWord(text: string, escapeMark: EscapeMark, line: number): { word: string; length: number } {
  let word = '';
  let quoteMark = '';
  let at = 0;
  for (; at < text.length; at++) {
    let character = text.charAt(at);
    if (quoteMark === '' && isSpace(character)) break;
    if (character === quoteMark) quoteMark = '';
    else if (quoteMark === '' && (character === "'" || character === '"')) quoteMark = character;
    else {
      if (character === escapeMark) character = text.charAt(++at);
      word += character;
    }
  }
  // The frontend reads flags byte by byte and takes parts of such characters for blanks.
  if (/[^\t -~]/.test(word)) throw dockerfileError(line, `expected ASCII characters in a flag, found ${quote(word)}`);
  return { word, length: Math.min(at, text.length) };
}

/** The fields of a comma-separated value, as in `--mount=type=bind,"from=image"` (RFC 4180, one line). */
export function readFields(value: string, line: number): readonly string[] {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (let more = value !== ''; more; ) {
    const match = field.exec(value);
    if (match === null) throw dockerfileError(line, `expected comma-separated fields, found ${quote(value)}`);
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    more = match[3] === ',';
  }
  return fields;
}
