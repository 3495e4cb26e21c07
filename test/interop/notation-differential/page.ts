import type { LineRow } from '../command-lines/line.js';
import { orasRows } from '../command-lines/oras-rows.js';
import { notationLinesSection } from '../notation-lines/page.js';
import type { Row } from './row.js';
import { sections } from './rows.js';
import { lay } from './table.js';

const titles: Readonly<Record<string, string>> = {
  trust: 'Trust policy, stores and the verification of an artifact',
  plugins: 'Plugins',
  envelopes: 'Envelopes and payloads',
  certificates: 'Certificates and chains',
  revocation: 'Revocation',
  timestamps: 'Timestamps',
};

const head = `# Parity with notation

<!-- Generated from the rows in test/interop/notation-differential/rows: change those, then run
     \`npx vitest run --project integration parity-page -u\`. -->

The SDK gives the verdicts of \`notation\` and notation-go 1.3.2, but for the rows below. A row refuses here what they accept, unless it
says "more tolerant", where a section of a specification says so; "named" rows are refused by both sides, under another name. The rows
come from a differential run: \`pnpm interop -- notation-differential\` gives both verifiers the same cases, some made for one rule each,
most of them mutants that are signed anew, and prints how many there were of each kind. It fails for a difference that no row explains, and
for a row that explains none, but for those that name the test that shows them.

None of the rows refuses a signature that the reference tools make, with one exception: D6 refuses a signature under an authority
whose basic constraints are not critical, unless the option is given. "D" and a number are discrepancies between the specification and the
reference tools.
`;

const tail: Readonly<Record<string, string>> = {
  revocation: `
What is stricter is \`unavailable\` here, never \`good\`. As notation does: an OCSP answer or CRL without \`nextUpdate\` is \`unavailable\` (D21),
every distribution point must answer (D17), an outdated CRL is \`unavailable\` even if it lists the certificate (D18), the latest of hold and
removal decides (D19), and only a signing authority's time excuses a later invalidity date (D22).
`,
};

const sides: Readonly<Record<Row['side'], string>> = {
  stricter: 'stricter',
  tolerant: 'more tolerant',
  named: 'named',
};

/** The text of docs/parity.md. */
export function parityPage(): string {
  const verdicts = Object.entries(sections).map(([name, rows]) => section(name, rows));
  return [head, ...verdicts, notationLinesSection(), lineSection('oras', orasRows)].join('\n');
}

function lineSection(tool: string, rows: readonly LineRow[]): string {
  const table = lay([
    ['what', tool, 'here', 'why'],
    ...rows.map(({ id, theirs, here, why }) => [id, theirs, here, why]),
  ]);
  return `## Command lines of ${tool}

Lines that a user of \`${tool}\` types have the same effect on registries and files with \`notarykit\` in place of the first word, and end in success
or in failure alike, but for these rows. \`pnpm interop -- command-lines\` gives both tools the same lines on equal inputs; it fails for a
difference that no row explains, and for a row that explains none. Exit codes tell more here: 1 is "not trusted", 2 a wrong command line,
3 work that could not be done. What is printed as text is each tool's own; what is printed as JSON has the same members.

${table.join('\n')}
`;
}

function section(name: string, rows: readonly Row[]): string {
  const cells = rows.map(({ id, notation, here, side, why }) => [id, notation, here, sides[side], why]);
  const table = lay([['what', 'notation', 'here', 'side', 'why'], ...cells]);
  return `## ${titles[name] ?? name}\n\n${table.join('\n')}\n${tail[name] ?? ''}`;
}
