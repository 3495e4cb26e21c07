import type { Difference } from './compare.js';
import type { Row } from './row.js';

type Counts = Record<Difference | 'unexplained', number>;

/** Counts what was compared, by kind, and which rows it took to explain the differences. */
export class Ledger {
  readonly #kinds = new Map<string, Counts>();
  readonly #used = new Set<string>();

  count(kind: string, difference: Difference, row: Row | undefined): void {
    const counts = this.#kinds.get(kind) ?? { equal: 0, wider: 0, stricter: 0, named: 0, unexplained: 0 };
    this.#kinds.set(kind, counts);
    counts[difference] += 1;
    if (row !== undefined) this.#used.add(row.id);
    else if (difference !== 'equal') counts.unexplained += 1;
  }

  get used(): ReadonlySet<string> {
    return this.#used;
  }

  /** How many cases of a kind, or of all, were compared. */
  cases(kind?: string): number {
    const kinds = kind === undefined ? [...this.#kinds.values()] : [this.#kinds.get(kind)];
    return kinds.reduce((sum, counts) => sum + (counts === undefined ? 0 : total(counts)), 0);
  }

  /** The table, a line each. */
  lines(): string[] {
    const head = ['differential', 'cases', 'equal', 'wider', 'stricter', 'named', 'unexplained'];
    const rows = [...this.#kinds].map(([kind, counts]) => cells(kind, counts));
    const all = [...this.#kinds.values()];
    const sum = (member: keyof Counts): number => all.reduce((so, counts) => so + counts[member], 0);
    const last = cells('all', {
      equal: sum('equal'),
      wider: sum('wider'),
      stricter: sum('stricter'),
      named: sum('named'),
      unexplained: sum('unexplained'),
    });
    return lay([head, ...rows, last]);
  }
}

const total = ({ equal, wider, stricter, named }: Counts): number => equal + wider + stricter + named;

function cells(kind: string, counts: Counts): string[] {
  const { equal, wider, stricter, named, unexplained } = counts;
  return [kind, ...[total(counts), equal, wider, stricter, named, unexplained].map(String)];
}

function lay(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  );
}
