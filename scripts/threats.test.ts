import { expect, test } from 'vitest';
import { findGaps } from './threats.mjs';

test('every threat of the checklist has a test of its name, and each of the parsers and verdicts a guard row', async () => {
  expect(await findGaps()).toEqual({ untested: [], unguarded: [], unknownRows: [], needlessReasons: [] });
});
