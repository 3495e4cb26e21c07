import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder } from '../support/folder.js';
import type { Case, Verdict } from './case.js';
import { compareVerdicts, explain } from './compare.js';
import { Ledger } from './ledger.js';
import { allRows } from './rows.js';
import { ourVerdict, theirVerdicts } from './sides.js';

/** One configuration folder that both sides read, and the account of what was compared. */
export class Differential {
  readonly config = temporaryFolder();
  readonly ledger = new Ledger();

  /** Puts certificates into a store of each type given. */
  put(name: string, certificates: readonly Uint8Array[], types: readonly string[] = ['ca', 'signingAuthority']): void {
    for (const type of types) {
      const folder = join(this.config, 'truststore', 'x509', type, name);
      mkdirSync(folder, { recursive: true });
      for (const [i, bytes] of certificates.entries()) writeFileSync(join(folder, `${i}.crt`), bytes);
    }
  }

  /** Asks both sides, and expects that a row explains every difference. */
  async compare(cases: readonly Case[]): Promise<void> {
    expect(await this.unexplained(cases)).toEqual([]);
  }

  /** The differences that no row explains. */
  async unexplained(cases: readonly Case[]): Promise<readonly unknown[]> {
    const [theirs, ours] = await Promise.all([theirVerdicts(cases, this.config), this.#ours(cases)]);
    return cases.flatMap((one, i) => this.account(one, ours[i] as Verdict, theirs[i] as Verdict));
  }

  /** Counts one comparison; a list of one when no row explains it. */
  account(one: Pick<Case, 'kind' | 'name' | 'rows'>, we: Verdict, they: Verdict): readonly unknown[] {
    const difference = compareVerdicts(we, they);
    const row = difference === 'equal' ? undefined : explain(one, difference, [we, they], allRows);
    this.ledger.count(one.kind, difference, row);
    return difference === 'equal' || row !== undefined ? [] : [{ name: one.name, difference, we, they }];
  }

  async #ours(cases: readonly Case[]): Promise<readonly Verdict[]> {
    const verdicts: Verdict[] = [];
    for (const one of cases) verdicts.push(await ourVerdict(one, this.config));
    return verdicts;
  }
}
