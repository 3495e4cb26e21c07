import type { CallOptions } from '@notarykit/common/internal';
import type { Format } from './format-name.js';
import type { OptionSpec } from './option-spec.js';
import type { Terminal } from './terminal.js';

/** One command of the tool. */
export interface Command {
  /** `blob sign <file>`: the words of the command, then its arguments as commander writes them. */
  readonly usage: string;
  /** Other names of the last word. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  /** Formats that it offers beside text and JSON. */
  readonly formats?: readonly Format[];
  /** Gives the exit code. The signal of the call ends the work: it rejects then, and leaves nothing that is half written. */
  run(args: Arguments, terminal: Terminal, call: CallOptions): Promise<number>;
}

/** What was typed, after the words of the command. An option that the command does not declare cannot be asked for. */
export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** Whether the command has the option at all. */
  declares(name: string): boolean;
  /** @throws {UsageError} when the option is not there */
  required(name: string): string;
}

/** The command line is wrong; the message says what to do. */
export class UsageError extends Error {}

/** `['blob', 'sign']` and `<file>` of `blob sign <file>`. */
export function partsOf(usage: string): { readonly words: readonly string[]; readonly operands: string } {
  const at = usage.search(/ [<[]/);
  const [name, operands] = at < 0 ? [usage, ''] : [usage.slice(0, at), usage.slice(at + 1)];
  return { words: name.split(' '), operands };
}
