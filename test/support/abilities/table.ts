import type { PolicyCase, Reported } from './policies.js';
import type { Setup } from './setup.js';

/** The columns of the table. */
export const abilities = [
  'plain policy',
  'extended policy',
  'plugins',
  'at/now',
  'platforms',
  'VSA',
  'transport',
  'abort',
  'progress',
] as const;

export type Ability = (typeof abilities)[number];

/** Calls the verb with the ability and asserts on what comes of it. */
export type Call = (setup: Setup) => Promise<void>;

/** A call, or why the verb has no use for the ability. */
export type Cell = Call | { readonly none: string };

const readsDocuments: Cell = { none: 'It only reads documents: no repository is involved, and it ends at once.' };

/** The abilities that a verb over documents has no use for. */
export const documentsOnly = {
  plugins: readsDocuments,
  platforms: readsDocuments,
  VSA: readsDocuments,
  transport: readsDocuments,
  progress: readsDocuments,
};

/** How a verb judges by a trust policy: it is called with each case of `policies.ts`. */
export interface Judge {
  /** What the statement is selected by: the repository, or the name that a gate policy gives. */
  readonly selects: 'scope' | 'name';
  /** Whether a yes is told with a report, too; else it is a yes alone. */
  readonly reports: boolean;
  judge(setup: Setup, asked: PolicyCase): Promise<Reported>;
}

/** One row: a verb, and what it can do. A cell that neither the row nor a column has is an error. */
export interface VerbRow {
  readonly verb: string;
  /** Fills the columns of plain and extended policies. */
  readonly policy?: Judge;
  readonly cells?: Partial<Readonly<Record<Ability, Cell>>>;
}

/** One ability of several verbs, by their names: for who builds an ability rather than a verb. */
export interface Column {
  readonly ability: Ability;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** Rows with the cells of columns. A name that is not a verb of the table is an error, and so is a cell that is there already. */
export function withColumns(rows: readonly VerbRow[], columns: readonly Column[]): readonly VerbRow[] {
  const filled = new Map(rows.map((row) => [row.verb, row]));
  for (const { ability, cells } of columns)
    for (const [verb, cell] of Object.entries(cells)) {
      const row = filled.get(verb);
      if (row === undefined) throw new Error(`${ability}: the table has no verb "${verb}"`);
      if (row.cells?.[ability] !== undefined) throw new Error(`${ability} of ${verb} is in the table twice`);
      filled.set(verb, { ...row, cells: { ...row.cells, [ability]: cell } });
    }
  return [...filled.values()];
}
