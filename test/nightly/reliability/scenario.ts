import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { acquireFileLock } from '@notarykit/common/internal/node';
import { afterAll, expect, it } from 'vitest';
import { mergedTable, type Row, row, tableOf } from './ledger.js';

const rows: Row[] = [];

/** A scenario, its row, and that nothing in it went wrong. */
export function scenario(name: string, play: (into: Row) => Promise<void>): void {
  it(name, async () => {
    const into = row(name);
    rows.push(into);
    await play(into);
    expect(into).toMatchObject({ lost: 0, wrong: 0, hung: 0 });
    expect(into.runs).toBeGreaterThan(0);
  });
}

/** Prints the rows of this file at its end, and puts them into the documentation where that is asked for. */
export function reportRows(): void {
  afterAll(async () => {
    process.stdout.write(`${tableOf(rows)}\n`);
    if (process.env['SOAK_WRITE'] === '1' && rows.length > 0) await writeTable();
  });
}

async function writeTable(): Promise<void> {
  const path = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));
  // Files of the soak may come to their end at the same time.
  const lock = await acquireFileLock(`${path}.lock`);
  const text = await readFile(path, 'utf8');
  const marks = /(<!-- table -->\n)([\s\S]*)(\n<!-- end of table -->)/;
  await writeFile(
    path,
    text.replace(marks, (_, begin: string, old: string, end: string) => `${begin}\n${mergedTable(old, rows)}\n${end}`),
  );
  await lock.release();
}
