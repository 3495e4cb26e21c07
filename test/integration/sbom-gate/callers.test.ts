import { decide, type GateDecision, type GateRule, parseGatePolicy } from '@notarykit/sbom-gate';
import { describe, expect, test } from 'vitest';
import { json, trivy } from './documents.ts';
import { labNow, policyOf, requestOf } from './gate-lab.ts';
import { attached, image, scanBlock } from './judge.ts';

const policy = parseGatePolicy(json(policyOf({ scan: scanBlock })));
const clean = attached(trivy([{ Class: 'os-pkgs' }]), 'scan');
const [signature] = clean.signatures;
const evidence = {
  image: { digest: image, signatures: signature === undefined ? [] : [signature], untrusted: [] },
  platforms: [{ platform: 'linux/amd64', digest: image }],
  others: [],
  missingPlatforms: [],
  documents: [clean],
  ignored: [],
  problems: [],
};
const decidedBy = (evaluate: (input: { now: Date }) => unknown): GateDecision =>
  decide(evidence, { ...requestOf(policy), rules: [{ name: 'own', evaluate } as GateRule] }, labNow);

/** What callers without types can give. */
describe('a rule of the caller', () => {
  test('GR1 that finds nothing allows', () => {
    expect(decidedBy(() => []).verdict).toBe('ALLOW');
    expect(decidedBy(() => [{ code: 'x-own/a', message: 'm', level: 'warn' }]).verdict).toBe('ALLOW');
  });

  const violation = { code: 'x-own/a', message: 'm' };
  test.for<readonly [string, unknown]>([
    ['a level in capitals', [{ ...violation, level: 'DENY' }]],
    ['a level of another tool', [{ ...violation, level: 'error' }]],
    ['a level that only the gate itself gives', [{ ...violation, level: 'rescan' }]],
    ['a level that is an object', [{ ...violation, level: {} }]],
    ['a message that is not text', [{ ...violation, level: 'info', message: Symbol('m') }]],
    ['a code that only looks like text', [{ ...violation, level: 'info', code: { toString: () => 'x-own/a' } }]],
    ['a hole', new Array(1)],
    ['text', ''],
    ['a map', new Map()],
    ['bytes', new Uint8Array(0)],
    ['a generator', (function* () {})()],
    ['a promise', Promise.resolve([])],
    ['nothing', undefined],
  ])('GR1 whose answer is not understood denies: %s', ([, found]) => {
    const decision = decidedBy(() => found);
    expect(decision.verdict).toBe('DENY');
    expect(decision.outcomes).toContainEqual(expect.objectContaining({ code: 'RULE_FAILED', level: 'deny' }));
  });

  test('GR1 that throws a value without text denies', () => {
    const decision = decidedBy(() => {
      throw Object.create(null);
    });
    expect(decision.outcomes).toContainEqual(expect.objectContaining({ code: 'RULE_FAILED' }));
  });

  test('GR1 cannot change the time of the decision', () => {
    const decision = decidedBy(({ now }) => {
      now.setFullYear(1999);
      return [];
    });
    expect(decision.evaluatedAt).toEqual(labNow);
  });
});

test.for<readonly [string, unknown]>([
  ['an invalid date', new Date(Number.NaN)],
  ['no date', undefined],
  ['a number', labNow.getTime()],
  ['an object without a prototype', Object.create(null)],
])('GR2 nothing is decided at an invalid time: %s', ([, now]) => {
  expect(() => decide(evidence, requestOf(policy), now as Date)).toThrow(
    expect.objectContaining({ code: 'ERR_GATE_EVIDENCE' }),
  );
});
