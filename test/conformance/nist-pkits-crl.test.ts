import { decodeBase64, equalBytes } from '@notarykit/common';
import {
  type Certificate,
  type Crl,
  type CrlPair,
  type CrlVerdict,
  checkCrl,
  combineCrlVerdicts,
  PkiError,
  parseCertificate,
  parseCrl,
} from '@notarykit/pki';
import { expect, test } from 'vitest';
import { countVectors, vectorJson, vectorSet } from '../vectors.ts';

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

function parsedCrls(texts: readonly string[]): Crl[] {
  return texts.flatMap((text) => {
    try {
      return [parseCrl(decodeBase64(text))];
    } catch (error) {
      expect(error).toBeInstanceOf(PkiError);
      return [];
    }
  });
}

/** The answers of the CRLs that speak for the certificate: with their delta where there is one that fits. */
async function statusOf(
  certificate: Certificate,
  above: readonly Certificate[],
  crls: readonly Crl[],
  now: Date,
): Promise<string> {
  const issuers = above.filter(({ subject }) => equalBytes(subject.der, certificate.issuer.der));
  const check = async (pair: CrlPair): Promise<CrlVerdict[]> => {
    const verdict = await checkCrl(pair, { certificate, issuers, now });
    return verdict.outcome === 'unavailable' ? [] : [verdict];
  };
  const verdicts: CrlVerdict[] = [];
  for (const base of crls.filter((crl) => crl.baseNumber === undefined)) {
    const deltas = crls.filter((crl) => crl.baseNumber !== undefined);
    const updated = (await Promise.all(deltas.map((delta) => check({ base, delta })))).flat();
    verdicts.push(...(updated.length > 0 ? updated : await check({ base })));
  }
  return combineCrlVerdicts(verdicts);
}

vectorSet('nist-pkits', 'nist-pkits', () => {
  test('CRLs: no invalid case comes out good, and valid ones do', async (context) => {
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
