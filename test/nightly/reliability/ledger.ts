import { fetchBytes, fetchManifest, type Repository } from '@notarykit/oci';

/** One row of the table in docs/reliability.md. */
export interface Row {
  readonly scenario: string;
  runs: number;
  /** What was acknowledged and is not there. */
  lost: number;
  /** What is there and is something else, errors without a code, files left behind. */
  wrong: number;
  /** What did not end within a minute. */
  hung: number;
}

export const row = (scenario: string): Row => ({ scenario, runs: 0, lost: 0, wrong: 0, hung: 0 });

/** A seeded sequence of numbers from 0 to 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Looks at everything that was acknowledged: each tag, its manifest, and all bytes that it names. */
export async function checkAll(repository: Repository, lines: readonly string[], into: Row): Promise<void> {
  for (const line of lines) {
    const [kind, tag = '', digest] = line.split(' ');
    if (kind === 'error' && tag === 'UNCODED') into.wrong++;
    if (kind !== 'tag') continue;
    try {
      const found = await repository.resolve(tag);
      if (found.digest !== digest) into.wrong++;
      const { manifest } = await fetchManifest(repository, found);
      if (manifest.kind === 'image') for (const layer of manifest.layers) await fetchBytes(repository, layer);
    } catch {
      into.lost++;
    }
  }
}

const columns = ['scenario', 'runs', 'lost', 'wrong', 'hung'] as const;

/** The table as it is in the documentation. */
export function tableOf(rows: readonly Row[]): string {
  return tableOfLines(rows.map((one) => `| ${columns.map((column) => one[column]).join(' | ')} |`));
}

const tableOfLines = (lines: readonly string[]): string =>
  [`| ${columns.join(' | ')} |`, `| ${columns.map(() => '---').join(' | ')} |`, ...lines].join('\n');

/** An earlier table with the rows of this run: in their places, or at its end. */
export function mergedTable(earlier: string, rows: readonly Row[]): string {
  const lineOf = (one: Row): string => tableOf([one]).split('\n')[2] as string;
  const nameOf = (line: string): string => line.split('|')[1]?.trim() ?? '';
  const old = earlier.split('\n').filter((line) => line.startsWith('| ') && !/^\| (scenario |---)/.test(line));
  const kept = old.map((line) => {
    const found = rows.find(({ scenario }) => scenario === nameOf(line));
    return found === undefined ? line : lineOf(found);
  });
  const added = rows.filter(({ scenario }) => !old.some((line) => nameOf(line) === scenario));
  return tableOfLines([...kept, ...added.map(lineOf)]);
}
