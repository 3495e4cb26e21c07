import { beforeAll, describe, it } from 'vitest';
import { playCell } from '../integration/copy/faults/play.js';
import { rowCells } from '../integration/copy/faults/rows.js';
import { singleCells } from '../integration/copy/faults/single-cells.js';
import { createServerKeys, type ServerKeys } from '../support/copy/front.js';
import { createRelease, type Release } from '../support/copy/release.js';

describe('threats', () => {
  let keys: ServerKeys;
  let release: Release;
  beforeAll(async () => {
    [keys, release] = await Promise.all([createServerKeys(), createRelease()]);
  });

  describe('D fault matrix', () => {
    for (const cell of [...rowCells, ...singleCells]) {
      it(`${cell.operation} ${cell.fault}`, async () => await playCell(cell, keys, release));
    }
  });
});
