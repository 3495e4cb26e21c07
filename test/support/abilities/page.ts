import { type Ability, abilities, type VerbRow } from './table.js';

/** `docs/abilities.md`: which verb can do what, with a note for each ability that a verb has no use for. */
export function abilitiesPage(rows: readonly VerbRow[]): string {
  const notes: string[] = [];
  const lines = rows.map((row) => [`\`${row.verb}\``, ...abilities.map((ability) => mark(row, ability, notes))]);
  return [
    '# What each verb can do',
    '',
    'This page is written by `test/integration/abilities.test.ts`, which calls each verb with each ability; `pnpm vitest run --project',
    'integration test/integration/abilities.test.ts -u` writes it anew. The rows are in `test/support/abilities/rows`,',
    'abilities of several verbs in `test/support/abilities/columns`.',
    '',
    '`yes`: the verb was called with it. A number: it has no use for it, and the note says why.',
    '',
    ...tableOf(['verb', ...abilities], lines),
    '',
    ...notes.map((note, i) => `${i + 1}. ${note}`),
    '',
  ].join('\n');
}

/** A table of Markdown, as the formatter lays it. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((cell, i) =>
    Math.max(3, ...[cell, ...rows.map((row) => row[i] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

/** A hole in the table is an error. */
function mark({ verb, policy, cells }: VerbRow, ability: Ability, notes: string[]): string {
  if (policy !== undefined && (ability === 'plain policy' || ability === 'extended policy')) return 'yes';
  const cell = cells?.[ability];
  if (cell === undefined) throw new Error(`${verb}: call it with "${ability}", or say why it has no use for it`);
  if (typeof cell === 'function') return 'yes';
  if (!notes.includes(cell.none)) notes.push(cell.none);
  return String(notes.indexOf(cell.none) + 1);
}
