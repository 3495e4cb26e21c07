import { parseArgs } from 'node:util';
import type { Terminal } from './terminal.js';

/** An option of a command, with what its help says. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  /** How the value is called in the help. */
  readonly value?: string;
  readonly help: string;
}

/** One command of the tool. */
export interface Command {
  /** `sign <reference>`: the words of the command, then its arguments. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  /** How many arguments there may be. */
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Gives the exit code. */
  run(args: Arguments, terminal: Terminal): Promise<number>;
}

/** What was typed, after the words of the command. */
export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** @throws {UsageError} when the option is not there */
  required(name: string): string;
}

/** The command line is wrong; the message says what to do. */
export class UsageError extends Error {}

/** Options of every command. */
export const commonOptions: Readonly<Record<string, OptionSpec>> = {
  json: { type: 'boolean', help: 'print one JSON document instead of text' },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
};

/** Reads what was typed after the words of a command. */
export function readArguments(command: Command, words: readonly string[]): Arguments {
  const { values, positionals } = parse(command, words);
  const { atLeast = 0, atMost = atLeast } = command;
  if (values['help'] !== true && (positionals.length < atLeast || positionals.length > atMost))
    throw new UsageError(`expected "${command.usage}", found ${positionals.length} argument(s)`);
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    positionals,
    text,
    texts: (name) => [values[name] ?? []].flat().filter((value) => typeof value === 'string'),
    flag: (name) => values[name] === true,
    required(name) {
      const value = text(name);
      if (value === undefined) throw new UsageError(`--${name} is needed: ${command.options[name]?.help ?? ''}`);
      return value;
    },
  };
}

interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

function parse({ options, usage }: Command, words: readonly string[]): Parsed {
  try {
    const all = Object.entries({ ...options, ...commonOptions }).map(([name, { type, multiple, short }]) => [
      name,
      { type, ...(multiple && { multiple }), ...(short && { short }) },
    ]);
    return parseArgs({ args: [...words], options: Object.fromEntries(all), allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.replace(/\. To specify.*/, '')}; the command is "${usage}"`);
  }
}

/** What `--help` prints. */
export function helpOf(command: Command): string {
  const rows = Object.entries({ ...command.options, ...commonOptions }).map(
    ([name, { short, value, help, multiple }]) => [
      `  ${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` <${value}>`}`,
      `${help}${multiple ? ' (may be repeated)' : ''}`,
    ],
  );
  const width = Math.max(...rows.map(([left = '']) => left.length)) + 2;
  const lines = rows.map(([left = '', right = '']) => left.padEnd(width) + right);
  const examples = command.examples.map((example) => `  notarykit ${example}`);
  return [
    `${command.summary}\n`,
    `Usage: notarykit ${command.usage} [options]\n`,
    `Options:\n${lines.join('\n')}\n`,
    `Examples:\n${examples.join('\n')}`,
  ].join('\n');
}
