import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verify } from '../../conformance/adapters/notarykit/verify.mjs';
import {
  applyExpectedFailures,
  loadCases,
  readExpectedFailures,
  runInProcess,
  type Verify,
} from '../../conformance/kit.mjs';
import { succeed } from '../interop/support/program.js';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const cases = loadCases().filter(({ requires }) => !requires.includes('clock'));
const list = readExpectedFailures(at('conformance/implementations/notarykit.json'));

test.each(['2026-01-01T00:00:00Z', '2050-06-30T12:00:00Z', '2100-12-31T23:59:59Z'])(
  'every case gives its verdict on %s',
  async (time) => {
    const then: Verify = (request, context) => verify({ ...request, time }, context);
    const results = applyExpectedFailures(await runInProcess(cases, then), list);
    expect(results.filter(({ result }) => result === 'failed' || result === 'xpassed')).toEqual([]);
  },
);

test('the kit alone covers the rules of the verdict path', { timeout: 7_200_000 }, async () => {
  const printed = await succeed(process.execPath, [at('test/guards/kit.mjs')], { cwd: at('') });
  expect(printed).toMatch(/kit-guards: \d+\/\d+ rules are held by the kit alone/);
});
