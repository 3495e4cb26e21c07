import { diffTrustPolicies, lintTrustPolicy } from '@notarykit/trust-policy';
import { expect } from 'vitest';
import { extendedCases, type PolicyCase, plainCases, policyOf } from '../policies.js';
import type { Setup } from '../setup.js';
import { type Call, documentsOnly, type VerbRow } from '../table.js';

/** Every statement skips revocation, which is noted; nothing else is to be said of them. */
const linted =
  (casesOf: (setup: Setup) => readonly PolicyCase[]): Call =>
  async (setup) => {
    for (const one of casesOf(setup)) {
      const found = await lintTrustPolicy(policyOf(one), { trustStore: setup.trustStore });
      expect(new Set(found.map(({ rule, member }) => `${rule} ${member}`)), one.name).toEqual(
        new Set(['widening signatureVerification.override']),
      );
    }
  };

/** A policy differs from itself in nothing, and from an unlike one in something. */
const compared =
  (casesOf: (setup: Setup) => readonly PolicyCase[]): Call =>
  async (setup) => {
    const cases = casesOf(setup);
    const [first, ...others] = cases.map(policyOf);
    if (first === undefined) throw new Error('there are no cases');
    for (const one of cases) expect(diffTrustPolicies(policyOf(one), policyOf(one)), one.name).toEqual([]);
    const reported = others.flatMap((other) => diffTrustPolicies(first, other));
    expect(reported.length).toBeGreaterThanOrEqual(1);
  };

export const toolRows: readonly VerbRow[] = [
  {
    verb: 'lintTrustPolicy',
    cells: { 'plain policy': linted(plainCases), 'extended policy': linted(extendedCases), ...documentsOnly },
  },
  {
    verb: 'diffTrustPolicies',
    cells: {
      'plain policy': compared(plainCases),
      'extended policy': compared(extendedCases),
      ...documentsOnly,
      abort: documentsOnly.progress,
    },
  },
];
