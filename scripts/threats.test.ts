import { expect, test } from 'vitest';
import { findGaps } from './threats.mjs';

test('every row of docs/threats.md has a test of its name, each of the parsers and verdicts a guard row, and every cited id a row', async () => {
  expect(await findGaps()).toEqual({
    untested: [],
    unguarded: [],
    unknownIds: [],
    doubled: [],
    unknownRows: [],
    needlessReasons: [],
  });
});
