import { type Command, UsageError } from './command.js';
import type { Format } from './format-name.js';
import type { OptionSpec } from './option-spec.js';

const formats: readonly Format[] = ['text', 'json', 'html', 'tree'];

/** Options that every command has; `--format` by its name in oras. */
export const globalOptions: Readonly<Record<string, OptionSpec>> = {
  json: { type: 'boolean', help: 'print one JSON document instead of text' },
  format: {
    type: 'string',
    value: 'format',
    choices: formats,
    help: 'print text, one JSON document, or what else a command offers',
  },
};

/** The format that was typed; errors are printed in it too, so that it counts before anything else is read. */
export function typedFormat(words: readonly string[]): Format {
  const typed = words.flatMap((word, i) =>
    word === '--format' ? [words[i + 1]] : word.startsWith('--format=') ? [word.slice(9)] : [],
  );
  if (words.includes('--json')) return 'json';
  return formats.find((format) => format === typed.at(-1)) ?? 'text';
}

/** @throws {UsageError} for a format that the command does not have, or two of them */
export function checkFormat(
  { formats: own = [] }: Command,
  { json, format }: { readonly json?: boolean; readonly format?: Format },
): void {
  if (format === undefined) return;
  if (json === true && format !== 'json') throw new UsageError('only one of --json and --format says how to print');
  const offered: readonly Format[] = ['text', 'json', ...own];
  if (!offered.includes(format)) throw new UsageError(`--format: expected ${offered.join(' or ')}, found "${format}"`);
}
