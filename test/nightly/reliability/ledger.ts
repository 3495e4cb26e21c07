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

/** The table as it stands in the documentation. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ scenario, runs, lost, wrong, hung }) => `| ${scenario} | ${runs} | ${lost} | ${wrong} | ${hung} |`,
  );
  return ['| scenario | runs | lost | wrong | hung |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}
