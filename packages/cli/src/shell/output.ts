import type { Arguments, Command } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** The option of notation's commands that is `--json` by another name. */
export const outputOptions: Readonly<Record<string, OptionSpec>> = {
  output: {
    type: 'string',
    short: 'o',
    value: 'format',
    choices: ['text', 'json'],
    help: '"json" is the same as --json',
  },
};

const hasFormat = ({ options }: Command): boolean => options['output']?.choices?.includes('json') === true;

/** Whether the command line asks for JSON by the option of its command. */
export function asksForJson(command: Command, args: Arguments): boolean {
  return hasFormat(command) && args.text('output') === 'json';
}

/** The same for a command line that was not understood. */
export function seemsToAskForJson(command: Command | undefined, words: readonly string[]): boolean {
  return (
    command !== undefined && hasFormat(command) && /(?:^|\s)(?:--output[ =]|-o ?)json(?:\s|$)/.test(words.join(' '))
  );
}
