import { decodeBase64 } from '@notarykit/common';
import { equalBytes } from '@notarykit/common/internal';
import { type Certificate, PkiError } from '@notarykit/pki';
import {
  type Crl,
  type CrlPair,
  type CrlVerdict,
  checkCrl,
  combineCrlVerdicts,
  parseCrl,
} from '@notarykit/pki/internal';
import { expect } from 'vitest';

/** CRLs of the set; what does not parse is left out. */
export function parsedCrls(texts: readonly string[]): Crl[] {
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
export async function statusOf(
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
