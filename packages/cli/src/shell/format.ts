import { Option } from 'commander';
import { type Command, UsageError } from './command.js';

/** How a result is printed. `tree` is the text of commands whose text is a tree, as oras calls it. */
export type Format = 'text' | 'json' | 'tree';

const formats: readonly Format[] = ['text', 'json', 'tree'];

/** The option that every command has, with the name of oras. */
export function formatOption(): Option {
  return new Option('--format <format>', 'print text, one JSON document, or what a command offers').choices(formats);
}

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
