import { Command as Commander, Help } from 'commander';
import { version } from '../version.js';
import { argumentsOf, optionsOf } from './arguments.js';
import { type Arguments, type Command, partsOf } from './command.js';
import { checkFormat, globalOptions } from './format.js';

/** What happens with what was typed. */
export interface ProgramOptions {
  /** What a command says that has other commands below it. */
  readonly groups: Readonly<Record<string, string>>;
  /** Other names of such commands. */
  readonly groupAliases: Readonly<Record<string, readonly string[]>>;
  /** Is called with the command that was typed. */
  run(command: Command, args: Arguments): Promise<void>;
  /** Called with the usage of the command that refuses the command line, before it throws. */
  refused(usage: string): void;
}

/** The commands as a program of commander, which throws instead of ending the process. */
export function buildProgram(commands: readonly Command[], options: ProgramOptions): Commander {
  const program = new Commander('notarykit')
    .description('Sign, verify, gate and promote OCI artifacts with Notary Project signatures')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ showGlobalOptions: true, commandUsage: usageLine, subcommandTerm: termOf })
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText('after', '\nEach command says more with --help.');
  for (const option of optionsOf(globalOptions).values()) program.addOption(option);
  for (const command of commands) addCommand(program, command, options);
  return program;
}

function addCommand(program: Commander, command: Command, { run, refused, ...names }: ProgramOptions): void {
  const { words, operands } = partsOf(command.usage);
  const parent = words.slice(0, -1).reduce((above, word) => groupOf(above, word, { refused, ...names }), program);
  const options = optionsOf(command.options);
  const added = parent
    .command(`${words.at(-1)} ${operands}`.trim())
    .summary(command.summary)
    .description(command.summary)
    .usage(`${operands} [options]`.trim())
    .addHelpText('after', aliasesOf(command))
    .addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  notarykit ${example}`).join('\n')}`)
    .exitOverride((error) => {
      refused(command.usage);
      throw error;
    });
  for (const option of options.values()) added.addOption(option);
  if (command.aliases !== undefined) added.aliases(command.aliases);
  added.action(() => {
    checkFormat(command, program.opts());
    return run(command, argumentsOf(added.args, options, added.opts()));
  });
}

function groupOf(
  above: Commander,
  word: string,
  { groups, groupAliases, refused }: Omit<ProgramOptions, 'run'>,
): Commander {
  const known = above.commands.find((command) => command.name() === word);
  if (known !== undefined) return known;
  const group = above
    .command(word)
    .description(groups[word] ?? '')
    .aliases(groupAliases[word] ?? []);
  return group.exitOverride((error) => {
    refused(above.parent === null ? word : `${above.name()} ${word}`);
    throw error;
  });
}

const plainHelp = new Help();

/** Commander writes the first of several names into the usage; ours are all below it. */
const usageLine = (command: Commander): string => withoutAlias(plainHelp.commandUsage(command), command);
const termOf = (command: Commander): string => withoutAlias(plainHelp.subcommandTerm(command), command);

function withoutAlias(text: string, command: Commander): string {
  return text.replace(`${command.name()}|${command.alias()}`, command.name());
}

function aliasesOf({ aliases = [] }: Command): string {
  return aliases.length === 0 ? '' : `\nOther names: ${aliases.join(', ')}`;
}
