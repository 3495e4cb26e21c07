import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { verify } from '../../conformance/adapters/notarykit/verify.mjs';
import {
  applyExpectedFailures,
  countsOf,
  loadCases,
  readExpectedFailures,
  runInProcess,
  unusedPatterns,
} from '../../conformance/kit.mjs';
import { countVectors } from '../vectors.js';

const cases = loadCases();
const list = readExpectedFailures(
  fileURLToPath(new URL('../../conformance/implementations/notarykit.json', import.meta.url)),
);
const groups = [...new Set(cases.map(({ id }) => id.replace(/-.*/, '')))];

describe('kit', () => {
  for (const group of groups) {
    test(`${group}-*`, async (context) => {
      const own = cases.filter(({ id }) => id.startsWith(`${group}-`));
      const results = applyExpectedFailures(await runInProcess(own, verify), list);
      const unexplained = results.filter(({ result }) => result === 'failed' || result === 'xpassed');
      expect(unexplained).toEqual([]);
      countVectors(context, countsOf(results).passed, results.length);
    });
  }
});

describe('kit-list', () => {
  test('every known difference belongs to a case', () => {
    const ids = cases.map(({ id }) => id);
    expect(unusedPatterns(ids, list)).toEqual([]);
  });
});
