import { lay } from '../notation-differential/table.js';
import type { Line } from './line.js';
import { moreLines, usualLines } from './lines.js';

const head = `## Command lines of notation

Each line below was typed to \`notation\` 1.3.2 and, with the first word changed, to \`notarykit\`, in two homes with the same files and two
repositories with the same image: \`pnpm interop -- notation-lines\`. Both must end alike (\`notation\` says 1 for every failure, \`notarykit\`
[says which](../packages/cli/README.md)), and leave the same: files of the configuration with their permissions, the stored account, and the
signatures in the registry. Then each tool reads what the other has left. What is typed in braces is of the run.
`;

/** The section of docs/parity.md about command lines. */
export function notationLinesSection(): string {
  return [
    head,
    'The ten most usual lines:\n',
    ...tableOf(usualLines),
    '\nFurther lines:\n',
    ...tableOf(moreLines),
    '',
  ].join('\n');
}

function tableOf(lines: readonly Line[]): readonly string[] {
  return lay([['line', 'notation', 'here', 'why'], ...lines.map(cellsOf)]);
}

function cellsOf(line: Line): readonly string[] {
  const words = `\`${['notation', line.words].join(' ').trim()}\`${line.fromEnvironment ? ', with the account in the environment' : ''}${line.input === undefined ? '' : `, answered \`${line.input.trim()}\``}`;
  const { differs } = line;
  if (differs === undefined) return [words, line.fails ? 'fails' : 'succeeds', 'the same', ''];
  return [words, differs.notation, differs.here, differs.why];
}
