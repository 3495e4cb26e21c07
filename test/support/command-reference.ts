import { commands, groups } from '../../packages/cli/src/commands/index.js';
import { type Command, partsOf } from '../../packages/cli/src/shell/command.js';
import { globalOptions } from '../../packages/cli/src/shell/format.js';
import type { OptionSpec } from '../../packages/cli/src/shell/option-spec.js';

const head = `# The commands of notarykit

<!-- Generated from the definitions in packages/cli/src/commands: change those, then run
     \`npx vitest run --project integration command-reference -u\`. -->

What each command does, its options, and lines to begin with; \`notarykit <command> --help\` prints the same. What holds for all of them is in
the [README of the command](../packages/cli/README.md): exit codes, accounts, where policy and keys are looked for.

Every command has these options:

${optionLines({ ...globalOptions, help: { type: 'boolean', short: 'h', help: 'show the help of the command' } })}
`;

/** The text of docs/cli.md. */
export function commandReference(): string {
  const above = [...new Set(commands.map(({ usage }) => groupOf(usage)))];
  return [head, ...above.map(groupSection)].join('\n');
}

/** The words before the last; the commands without are a group, too. */
const groupOf = (usage: string): string => partsOf(usage).words.slice(0, -1).join(' ');

function groupSection(group: string): string {
  const about = groups[group.split(' ').at(-1) ?? ''];
  const title = group === '' ? '## Commands' : `## ${group}\n\n${about}`;
  return `${[title, ...commands.filter(({ usage }) => groupOf(usage) === group).map(commandSection)].join('\n\n')}\n`;
}

function commandSection({ usage, aliases = [], summary, options, examples, formats = [] }: Command): string {
  const names = aliases.length === 0 ? '' : ` Other names: ${aliases.map((name) => `\`${name}\``).join(', ')}.`;
  const more = formats.length === 0 ? '' : ` Other formats: ${formats.map((name) => `\`${name}\``).join(', ')}.`;
  const lines = examples.map((example) => `notarykit ${example}`).join('\n');
  const listed = Object.keys(options).length === 0 ? [] : [optionLines(options)];
  return [
    `### ${partsOf(usage).words.join(' ')}`,
    `\`notarykit ${usage}\``,
    `${summary}.${names}${more}`,
    ...listed,
    `\`\`\`sh\n${lines}\n\`\`\``,
  ].join('\n\n');
}

function optionLines(options: Readonly<Record<string, OptionSpec>>): string {
  return Object.entries(options)
    .map(([name, { type, short, value = 'value', choices, multiple = false, help }]) => {
      const flags = `${short === undefined ? '' : `-${short}, `}--${name}${type === 'boolean' ? '' : ` <${value}>`}`;
      const only = choices === undefined ? '' : `; one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
      return `- \`${flags}\`: ${escaped(help)}${only}${multiple ? ' (may be repeated)' : ''}`;
    })
    .join('\n');
}

/** What Markdown would read as a tag or as emphasis. */
function escaped(text: string): string {
  return text.replace(/[<*_]/g, (sign) => `\\${sign}`);
}
