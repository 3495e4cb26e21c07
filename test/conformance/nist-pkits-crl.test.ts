import { decodeBase64 } from '@notarykit/common';
import { parseCertificate } from '@notarykit/pki';
import { expect, test } from 'vitest';
import { countVectors, vectorJson, vectorSet } from '../vectors.ts';
import { parsedCrls, statusOf } from './pkits-crls.ts';

interface Case {
  readonly id: string;
  readonly class: string;
  readonly trust_anchor: string;
  readonly intermediates: readonly string[];
  readonly target: string;
  readonly crls: readonly string[];
  readonly expected: 'SUCCESS' | 'FAILURE';
}

/** Valid cases that are not good here, with the reason. */
const differences: Readonly<Record<string, string>> = Object.fromEntries(
  ['4.14.22', '4.14.24', '4.14.25', '4.14.28', '4.14.29', '4.14.30', '4.14.33'].map((id) => [
    id,
    'needs an indirect CRL, or one of another issuer: optional, and "unavailable" here',
  ]),
);

const pkits = (): {
  cases: Case[];
  certificates: Record<string, string>;
  crls: Record<string, string>;
  validation_time: string;
} => vectorJson('nist-pkits', 'pkits.json');

vectorSet('nist-pkits', 'nist-pkits', () => {
  test('CRLs: accepts the valid cases and no invalid one', async (context) => {
    const { cases, certificates, crls, validation_time } = pkits();
    const own = cases.filter((one) => one.class === 'crl');
    for (const one of own) {
      const names = [one.trust_anchor, ...one.intermediates, one.target];
      const chain = names.map((name) => parseCertificate(decodeBase64(certificates[name] as string))).reverse();
      const list = parsedCrls(one.crls.map((name) => crls[name] as string));
      const found: string[] = [];
      for (const [i, certificate] of chain.slice(0, -1).entries()) {
        found.push(await statusOf(certificate, chain.slice(i + 1), list, new Date(validation_time)));
      }
      const verdict = found.every((status) => status === 'good') ? 'SUCCESS' : 'FAILURE';
      const expected = one.id in differences ? 'FAILURE' : one.expected;
      expect
        .soft(`${one.id}: ${verdict} ${verdict === expected ? '' : found.join()}`.trim())
        .toBe(`${one.id}: ${expected}`);
    }
    countVectors(context, own.length, own.length);
  });
});
