import { trimStart } from './white-space.js';

/** The character of `# escape=`: it escapes, and at the end of a line it continues that line. */
export type EscapeMark = '\\' | '`';

/** A line with its number, from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

const continued: Readonly<Record<EscapeMark, RegExp>> = {
  // Two marks at the end are an escaped mark: they continue nothing.
  '\\': /(^|[^\\])\\[ \t]*$/,
  '`': /(^|[^`])`[ \t]*$/,
};

/** The lines of a file, without their ends: the line feed and every carriage return before it. */
export function splitLines(text: string): readonly string[] {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  return lines.map((line) => {
    let end = line.length;
    while (line.charCodeAt(end - 1) === 0x0d) end--;
    return line.slice(0, end);
  });
}

/** Reads the lines of a Dockerfile as the BuildKit frontend joins them. */
export class LineReader {
  readonly #lines: readonly string[];
  readonly #continued: RegExp;
  #at = 0;

  constructor(lines: readonly string[], escapeMark: EscapeMark) {
    this.#lines = lines;
    this.#continued = continued[escapeMark];
  }

  /** The next instruction on one line; `undefined` at the end of the file. */
  next(): Line | undefined {
    for (;;) {
      const line = this.raw();
      if (line === undefined) return undefined;
      if (isComment(line)) continue;
      const first = this.#cut(trimStart(line));
      if (!first.more && first.text === '') continue;
      const number = this.#at;
      return { text: first.more ? first.text + this.#continuation() : first.text, number };
    }
  }

  /** How many lines were read. */
  get consumed(): number {
    return this.#at;
  }

  /** The next line as it is. */
  raw(): string | undefined {
    return this.#lines[this.#at++];
  }

  /** Comments and blank lines inside a continued instruction are left out, and do not end it. */
  #continuation(): string {
    let text = '';
    for (let line = this.raw(); line !== undefined; line = this.raw()) {
      if (isComment(line) || trimStart(line) === '') continue;
      const part = this.#cut(line);
      text += part.text;
      if (!part.more) break;
    }
    return text;
  }

  #cut(line: string): { readonly text: string; readonly more: boolean } {
    return this.#continued.test(line)
      ? { text: line.replace(this.#continued, '$1'), more: true }
      : { text: line, more: false };
  }
}

const isComment = (line: string): boolean => trimStart(line).startsWith('#');
