import { quote } from '@notarykit/common';
import { NotaryKitError } from '../errors.js';
import { splitWords } from './words.js';

/** One instruction of a Dockerfile with its continuation lines joined and its heredoc bodies left out. */
export interface Instruction {
  /** Upper case. */
  readonly keyword: string;
  /** Everything after the keyword. */
  readonly text: string;
  /** Line of the keyword, from 1. */
  readonly line: number;
}

/** A Dockerfile in its parts. */
export interface Dockerfile {
  /** The frontend image of `# syntax=`. */
  readonly syntax?: { readonly image: string; readonly line: number };
  /** The character of `# escape=`. */
  readonly escapeMark: '\\' | '`';
  readonly instructions: readonly Instruction[];
}

/**
 * Splits a Dockerfile into instructions: parser directives, continuation lines, comments and heredocs as the BuildKit
 * frontend reads them.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_DOCKERFILE`
 */
export function parseInstructions(text: string): Dockerfile {
  const lines = text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  const directives = readDirectives(lines);
  const escapeMark = directives.get('escape')?.value ?? '\\';
  if (escapeMark !== '\\' && escapeMark !== '`')
    throw dockerfileError(
      directives.get('escape')?.line ?? 1,
      `expected "# escape=" to name "\\" or "\`", found ${quote(escapeMark)}`,
    );
  const syntax = directives.get('syntax');
  return {
    ...(syntax === undefined ? {} : { syntax: { image: syntax.value.split(/\s/, 1)[0] ?? '', line: syntax.line } }),
    escapeMark,
    instructions: readInstructions(lines, escapeMark),
  };
}

/** An error that names its line. */
export function dockerfileError(line: number, message: string): NotaryKitError {
  return new NotaryKitError('ERR_NOTARYKIT_DOCKERFILE', `Dockerfile line ${line}: ${message}`, { detail: { line } });
}

const directivePattern = /^\s*(?:#|\/\/)\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;

/** Directives stand before anything else; the first line that is none ends them. */
function readDirectives(
  lines: readonly string[],
): ReadonlyMap<string, { readonly value: string; readonly line: number }> {
  const found = new Map<string, { value: string; line: number }>();
  const start = lines[0]?.startsWith('#!') ? 1 : 0;
  for (let i = start; i < lines.length; i++) {
    const [, key, value] = directivePattern.exec(lines[i] ?? '') ?? [];
    const name = key?.toLowerCase() ?? '';
    if (value === undefined || !['syntax', 'escape', 'check'].includes(name)) break;
    if (found.has(name)) throw dockerfileError(i + 1, `directive "${name}" stands twice`);
    found.set(name, { value, line: i + 1 });
  }
  return found;
}

function readInstructions(lines: readonly string[], escapeMark: '\\' | '`'): Instruction[] {
  const instructions: Instruction[] = [];
  let at = 0;
  while (at < lines.length) {
    const first = at;
    const joined = joinLine(lines, at, escapeMark);
    at = joined.next;
    const match = /^\s*([a-zA-Z]+)(?:\s+([\s\S]*))?$/.exec(joined.text);
    if (match === null) {
      if (joined.text.trim() !== '')
        throw dockerfileError(first + 1, `expected an instruction, found ${quote(joined.text.trim())}`);
      continue;
    }
    const instruction = { keyword: (match[1] ?? '').toUpperCase(), text: (match[2] ?? '').trim(), line: first + 1 };
    instructions.push(instruction);
    at = skipHeredocs(lines, at, instruction, escapeMark);
  }
  return instructions;
}

const isComment = (line: string): boolean => /^\s*#/.test(line);

/** One logical line: continued lines joined, comments inside a continuation dropped. */
function joinLine(
  lines: readonly string[],
  start: number,
  escapeMark: '\\' | '`',
): { readonly text: string; readonly next: number } {
  const continued = escapeMark === '\\' ? /\\[ \t]*$/ : /`[ \t]*$/;
  let text = '';
  let at = start;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (isComment(line)) {
      if (text === '') return { text: '', next: at + 1 };
      continue;
    }
    if (text !== '' && line.trim() === '') continue;
    if (!continued.test(line)) return { text: text + line, next: at + 1 };
    text += line.replace(continued, '');
  }
  return { text, next: at };
}

/** The body of a heredoc is data: a `FROM` inside it is no instruction. */
function skipHeredocs(
  lines: readonly string[],
  start: number,
  instruction: Instruction,
  escapeMark: '\\' | '`',
): number {
  let at = start;
  for (const { delimiter, tabs } of heredocs(instruction, escapeMark)) {
    const isEnd = (line: string): boolean => (tabs ? line.replace(/^\t+/, '') : line) === delimiter;
    const end = lines.findIndex((line, i) => i >= at && isEnd(line));
    if (end < 0) throw dockerfileError(instruction.line, `heredoc ${quote(delimiter)} has no end`);
    at = end + 1;
  }
  return at;
}

function heredocs(
  { keyword, text }: Instruction,
  escapeMark: '\\' | '`',
): { readonly delimiter: string; readonly tabs: boolean }[] {
  const trigger = keyword === 'ONBUILD' ? /^(\S+)\s*([\s\S]*)$/.exec(text) : null;
  const inner = trigger?.[1]?.toUpperCase() ?? keyword;
  const rest = trigger?.[2] ?? text;
  if (!['RUN', 'COPY', 'ADD'].includes(inner)) return [];
  return splitWords(rest, escapeMark).flatMap((word) => {
    const match = /^\d*<<(-?)([^<]+)$/.exec(word);
    if (match === null) return [];
    return [{ delimiter: (match[2] ?? '').replace(/["']/g, ''), tabs: match[1] === '-' }];
  });
}
