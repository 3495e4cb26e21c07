import type { CallOptions } from '@notarykit/common/internal';
import { CommanderError } from 'commander';
import { type Command, UsageError } from './command.js';
import { exitCodes } from './exit-codes.js';
import { tellFailure, tellInterruption, tellUsage } from './failure.js';
import { typedFormat } from './format.js';
import { asksForJson, seemsToAskForJson } from './output.js';
import { buildProgram, type ProgramOptions } from './program.js';
import { processTerminal } from './terminal.js';

/** The commands that a program has. */
export interface Commands extends Pick<ProgramOptions, 'groups' | 'groupAliases'> {
  readonly commands: readonly Command[];
}

/**
 * Runs one command line with some commands. It writes to the standard output and the standard error of the process, and ends nothing.
 *
 * @returns one of {@link exitCodes}; it throws never
 */
export async function runWith(
  { commands, groups, groupAliases }: Commands,
  words: readonly string[],
  options: CallOptions,
): Promise<number> {
  let terminal = processTerminal(typedFormat(words));
  let code: number = exitCodes.trusted;
  let usage: string | undefined;
  const program = buildProgram(commands, {
    groups,
    groupAliases,
    refused(refusing) {
      usage = refusing;
      if (
        seemsToAskForJson(
          commands.find((each) => each.usage === refusing),
          words,
        )
      )
        terminal = processTerminal('json');
    },
    async run(command: Command, args) {
      usage = command.usage;
      if (asksForJson(command, args)) terminal = processTerminal('json');
      code = await command.run(args, terminal, options);
    },
  });
  try {
    await program.parseAsync(words.length === 0 ? ['--help'] : [...words], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return refusal(error, usage);
    if (options.signal?.aborted) return tellInterruption(error, options.signal, terminal);
    return error instanceof UsageError ? tellUsage(error.message, usage, terminal) : tellFailure(error, terminal);
  }

  function refusal({ code: why, exitCode, message }: CommanderError, typed: string | undefined): number {
    if (exitCode === 0) return exitCodes.trusted;
    // Commands that have others below them were answered with their help.
    if (why === 'commander.help') return exitCodes.usage;
    const expected = typed === undefined || why === 'commander.unknownCommand' ? '' : `; the command is "${typed}"`;
    return tellUsage(message.replace(/^error: |\.$/g, '') + expected, typed, terminal);
  }
}
