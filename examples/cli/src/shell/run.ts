import { isCodedError } from '@notarykit/common';
import { explain, TrustError } from '@notarykit/trust-policy';
import { type Command, helpOf, readArguments, UsageError } from './command.js';
import { exitCodes } from './exit-codes.js';
import { processTerminal, type Terminal } from './terminal.js';

/** Finds the command, runs it and gives the exit code. */
export async function runCommandLine(commands: readonly Command[], words: readonly string[]): Promise<number> {
  const terminal = processTerminal(words.includes('--json'));
  const command = commands.find(({ usage }) => nameOf(usage).every((word, i) => words[i] === word));
  try {
    if (command === undefined) return unknown(commands, words);
    const args = readArguments(command, words.slice(nameOf(command.usage).length));
    if (!args.flag('help')) return await command.run(args, terminal);
    process.stdout.write(`${helpOf(command)}\n`);
    return exitCodes.trusted;
  } catch (error) {
    return fail(error, command, terminal);
  }
}

/** The words of a usage before its arguments. */
function nameOf(usage: string): readonly string[] {
  return (usage.split(/ [<[]/)[0] ?? '').split(' ');
}

function unknown(commands: readonly Command[], words: readonly string[]): number {
  const asked = words.length === 0 || words[0] === '--help' || words[0] === '-h' || words[0] === 'help';
  const matching = commands.filter(({ usage }) => usage.split(' ')[0] === words[0]);
  const listed = matching.length > 0 ? matching : commands;
  const width = Math.max(...listed.map(({ usage }) => usage.length)) + 2;
  const lines = listed.map(({ usage, summary }) => `  ${usage.padEnd(width)}${summary}`);
  if (!asked && matching.length === 0) process.stderr.write(`error: there is no command "${words[0]}"\n\n`);
  const text = `Usage: notarykit <command> [options]\n\n${lines.join('\n')}\n\nEach command tells more with --help.\n`;
  (asked ? process.stdout : process.stderr).write(text);
  return asked ? exitCodes.trusted : exitCodes.usage;
}

function fail(error: unknown, command: Command | undefined, terminal: Terminal): number {
  if (error instanceof UsageError) {
    const help = command === undefined ? 'notarykit' : `notarykit ${nameOf(command.usage).join(' ')}`;
    terminal.error('ERR_USAGE', `${error.message}\nSee "${help} --help".`);
    return exitCodes.usage;
  }
  if (error instanceof TrustError && error.code !== 'ERR_TRUST_POLICY' && error.code !== 'ERR_TRUST_STORE') {
    terminal.error(error.code, error.detail?.report === undefined ? error.message : explain(error.detail.report));
    return exitCodes.notTrusted;
  }
  const message = fileProblem(error) ?? (error instanceof Error ? error.message : String(error));
  terminal.error(isCodedError(error) ? error.code : undefined, message);
  const refused = ['ERR_GATE_DENIED', 'ERR_NOTARYKIT_BUNDLE'];
  return isCodedError(error) && refused.includes(error.code) ? exitCodes.notTrusted : exitCodes.failed;
}

/** What the file system says, for people. */
function fileProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('path' in error) || !('code' in error)) return undefined;
  if (error.code === 'ENOENT') return `there is no file ${String(error.path)}: check the name`;
  if (error.code === 'EEXIST') return `${String(error.path)} is there already: replace it with --force`;
  return undefined;
}
