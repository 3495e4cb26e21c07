import type { Format } from './format-name.js';

/** What an error says of itself: `help` is the address of a page about it. */
export interface Problem {
  readonly code?: string | undefined;
  readonly message: string;
  readonly help?: string | undefined;
}

/** What a command prints: results on standard output, everything else on standard error. */
export interface Terminal {
  /** The result: as text, as JSON (the value), or as HTML (the page), where the command offers it. */
  result(value: unknown, text: string, page?: () => string): void;
  /** A result whose text is printed byte for byte, without a line break of ours. */
  exactly(value: unknown, text: string): void;
  /** Something worth knowing beside the result. */
  note(text: string): void;
  /** Replaces the line before; shown on a terminal only. */
  progress(text: string): void;
  /** Why there is no result; a negative verdict has a page, too. */
  error(problem: Problem, page?: () => string): void;
}

const colours = { red: 31, green: 32, yellow: 33 } as const;

/** The terminal of this process. Colours and progress are for people: a pipe, `NO_COLOR` and `--json` get none. */
export function processTerminal(format: Format): Terminal {
  const [json, html] = [format === 'json', format === 'html'];
  const { stdout, stderr } = process;
  const live = stderr.isTTY && !json;
  const paint = (stream: NodeJS.WriteStream, colour: keyof typeof colours, text: string): string =>
    stream.isTTY && !process.env['NO_COLOR'] ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
  const clear = (): void => void (live && stderr.write('\r\u001b[K'));
  return {
    result(value, text, page) {
      clear();
      if (html && page !== undefined) return void stdout.write(page());
      const coloured = text.trimEnd().replace(/^(trusted|allow)\b/i, (word) => paint(stdout, 'green', word));
      if (json || text !== '') stdout.write(`${json ? JSON.stringify(value, undefined, 2) : coloured}\n`);
    },
    exactly(value, text) {
      clear();
      stdout.write(json ? `${JSON.stringify(value, undefined, 2)}\n` : text);
    },
    note(text) {
      clear();
      if (!json) stderr.write(`${paint(stderr, 'yellow', 'note:')} ${text}\n`);
    },
    progress(text) {
      if (live) stderr.write(`\r\u001b[K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    error({ code, message, help }, page) {
      clear();
      if (html && page !== undefined) return void stdout.write(page());
      const more = help === undefined ? '' : `more: ${help}\n`;
      if (json) stdout.write(`${JSON.stringify({ error: { code, message, help } }, undefined, 2)}\n`);
      else stderr.write(`${paint(stderr, 'red', 'error:')} ${message.trimEnd()}\n${more}`);
    },
  };
}

/** A bar of twenty signs. */
export function bar(done: number, total: number): string {
  const filled = total === 0 ? 20 : Math.round((20 * done) / total);
  return `[${'#'.repeat(filled)}${'.'.repeat(20 - filled)}]`;
}
