import { beforeAll, describe, expect, it } from 'vitest';
import { layoutCells, playLayoutCell } from '../integration/copy/faults/layout-cells.js';
import { playCell } from '../integration/copy/faults/play.js';
import { rowCells } from '../integration/copy/faults/rows.js';
import { singleCells } from '../integration/copy/faults/single-cells.js';
import { createServerKeys, type ServerKeys } from '../support/copy/front.js';
import { createRelease, type Release } from '../support/copy/release.js';

describe('threats', () => {
  let keys: ServerKeys;
  let release: Release;
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  let timersBefore = 0;
  beforeAll(async () => {
    timersBefore = timers();
    [keys, release] = await Promise.all([createServerKeys(), createRelease()]);
  });

  describe('D fault matrix', () => {
    for (const cell of [...rowCells, ...singleCells]) {
      it(`${cell.operation} ${cell.fault}`, async () => await playCell(cell, keys, release));
    }
    for (const cell of layoutCells) it(`L ${cell.fault}`, async () => await playLayoutCell(cell, release));

    it('has every cell of the matrix', () => {
      const cells = [...rowCells, ...singleCells, ...layoutCells];
      expect(new Set(cells.map(({ operation, fault }) => `${operation} ${fault}`)).size).toBe(126);
    });

    // Invariant 6: nothing that would keep the process alive on its behalf.
    it('leaves no socket and no timer', { timeout: 90_000 }, async () => {
      const open = (): string[] => process.getActiveResourcesInfo().filter((name) => /^(?:TCP|TLS)/.test(name));
      await expect.poll(open, { timeout: 30_000 }).toEqual([]);
      // The polling has its own timers; a leak of one for each cell would be a hundred.
      await expect.poll(timers, { timeout: 30_000 }).toBeLessThanOrEqual(timersBefore + 2);
    });
  });
});
