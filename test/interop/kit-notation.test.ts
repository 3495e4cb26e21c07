import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { verify } from '../../conformance/adapters/notarykit/verify.mjs';
import {
  applyExpectedFailures,
  loadCases,
  type Result,
  readExpectedFailures,
  runCommand,
  runInProcess,
  tableOf,
  unusedPatterns,
} from '../../conformance/kit.mjs';
import { peer } from '../../scripts/peers.mjs';

const at = (path: string): string => fileURLToPath(new URL(`../../conformance/${path}`, import.meta.url));

describe('kit-notation', () => {
  const cases = loadCases();
  const list = readExpectedFailures(at('implementations/notation.json'));
  let results: readonly Result[];
  let ours: readonly Result[];

  beforeAll(async () => {
    const env = { NOTATION: await peer('notation') };
    const answers = await runCommand(cases, [process.execPath, at('adapters/notation/main.mjs')], { env });
    results = applyExpectedFailures(answers, list);
    ours = applyExpectedFailures(
      await runInProcess(cases, verify),
      readExpectedFailures(at('implementations/notarykit.json')),
    );
  }, 1_800_000);

  test('every difference from the specification is known and explained', ({ task }) => {
    const columns = [
      { implementation: 'NotaryKit', results: ours },
      { implementation: 'notation', results },
    ];
    Object.assign(task.meta, { table: tableOf(columns) });
    const unexplained = [...ours, ...results].filter(({ result }) => result === 'failed' || result === 'xpassed');
    expect(unexplained).toEqual([]);
  });

  test('every known difference belongs to an existing case', () => {
    const ids = cases.map(({ id }) => id);
    expect(unusedPatterns(ids, list)).toEqual([]);
  });

  test('only blobs and a clock are missing there', () => {
    const skipped = results.filter(({ result }) => result === 'skipped').map(({ difference }) => difference);
    expect(new Set(skipped)).toEqual(new Set(['unsupported: blob', 'unsupported: clock']));
  });
});
