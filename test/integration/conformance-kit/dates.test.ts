import { expect, test } from 'vitest';
import { verify } from '../../../conformance/adapters/notarykit/verify.mjs';
import { loadCases, runInProcess, type Verify } from '../../../conformance/kit.mjs';

const timed = [
  'chain-validity-*',
  'policy-level-*',
  '*-expire*',
  '*-not-expired',
  'timestamp-*',
  'revocation-*',
  '*-authority-*',
];
const cases = loadCases(undefined, timed).filter(({ requires }) => !requires.includes('clock'));

/** The first and the last day for which the kit is made. */
test.each(['2026-01-01T00:00:00Z', '2100-12-31T23:59:59Z'])(
  'what depends on time gives its verdict on %s',
  async (time) => {
    const then: Verify = (request, context) => verify({ ...request, time }, context);
    const results = await runInProcess(cases, then);
    const wrong = results.filter(({ result }) => result === 'failed').map(({ id }) => id);
    expect(wrong).toEqual(['revocation-crl-second-answers']);
  },
);
