import { dockerfileError } from './error.js';
import { type Instruction, parseInstruction } from './instruction.js';
import type { EscapeMark, Line } from './lines.js';
import { ExpansionError } from './shell-error.js';
import { readShellText, type ShellText } from './shell-words.js';

/** A here-document that a line announces. */
export interface Heredoc {
  /** The line that ends it. */
  readonly name: string;
  /** Whether tabs before that line do not count. */
  readonly tabs: boolean;
}

const withHeredocs = new Set(['ADD', 'COPY', 'RUN']);

/** The here-documents whose bodies follow a line, in their order. */
export function heredocsOf(line: Line, instruction: Instruction, escapeMark: EscapeMark): readonly Heredoc[] {
  const trigger = instruction.keyword === 'ONBUILD' && instruction.text !== '';
  const inner = trigger ? parseInstruction({ text: instruction.text, number: line.number }, escapeMark) : instruction;
  if (!withHeredocs.has(inner.keyword) || !line.text.includes('<<') || isJsonArray(inner.text)) return [];
  return wordsOf(line.text).flatMap((word) => parseHeredoc(word, line.number));
}

/** Here-documents are searched with the backslash as escape mark, whatever the file says. */
const read = (text: string, raw: boolean): ShellText =>
  readShellText(text, { escapeMark: '\\', variables: new Map(), raw, keepUnset: true });

/** A line whose quotes do not close announces nothing. */
function wordsOf(text: string): readonly string[] {
  try {
    return read(text, true).words;
  } catch (error) {
    if (error instanceof ExpansionError) return [];
    throw error;
  }
}

function parseHeredoc(text: string, line: number): Heredoc[] {
  const [, dash, rest = ''] = /^[0-9]*<<(-?)[\t\n\f\r ]*([^<]*)$/.exec(text) ?? [];
  if (rest === '') return [];
  try {
    const { words } = read(rest, false);
    const [name] = words;
    return name === undefined || words.length > 1 ? [] : [{ name, tabs: dash === '-' }];
  } catch (cause) {
    if (cause instanceof ExpansionError) throw dockerfileError(line, `here-document: ${cause.message}`, cause);
    throw cause;
  }
}

/** The form `RUN ["program", "argument"]` has no here-documents. */
function isJsonArray(text: string): boolean {
  if (!text.startsWith('[')) return false;
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
