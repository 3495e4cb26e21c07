import type { Certificate } from '@notarykit/pki';
import {
  checkCrl,
  checkOcsp,
  findCrlEntries,
  parseCrl,
  parseOcspResponse,
  parseTimestampToken,
  verifyTimestampToken,
} from '@notarykit/pki/internal';
import { CertificateRevocationList } from 'pkijs';
import { mutateDer, mutateSeveral } from './mutate.ts';
import type { FuzzTarget } from './run.ts';

/** A document of the online services that is good, and what it is checked with. */
export interface OnlineSeed {
  readonly kind: 'token' | 'ocsp' | 'crl';
  readonly der: Uint8Array<ArrayBuffer>;
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** What the token is over. */
  readonly message: Uint8Array;
  readonly now: Date;
}

/** The part of a document that its signature covers, in the end; nothing when it does not hold. */
type Check = (input: Uint8Array, seed: OnlineSeed) => Promise<Uint8Array | undefined>;

const checks: Readonly<Record<OnlineSeed['kind'], Check>> = {
  async token(input, { message, issuer }) {
    await verifyTimestampToken(input, { message, roots: [issuer] });
    return parseTimestampToken(input).signedData.content;
  },
  async ocsp(input, { certificate, issuer, now }) {
    const response = parseOcspResponse(input);
    const { outcome } = await checkOcsp(response, { certificate, issuer, now });
    return outcome === 'unavailable' ? undefined : response.tbs;
  },
  async crl(input, { certificate, issuer, now }) {
    const base = parseCrl(input);
    checkSecondOpinion(input as Uint8Array<ArrayBuffer>, base.entryCount);
    findCrlEntries(base, certificate);
    const { outcome } = await checkCrl({ base }, { certificate, issuers: [issuer], now });
    return outcome === 'unavailable' ? undefined : base.tbs;
  },
};

function checkSecondOpinion(der: Uint8Array<ArrayBuffer>, entries: number): void {
  let other: number;
  try {
    other = CertificateRevocationList.fromBER(der).revokedCertificates?.length ?? 0;
  } catch {
    // Where pkijs refuses, there is nothing to compare.
    return;
  }
  if (other !== entries) throw new Error(`${entries} entries, pkijs reads ${other}`);
}

/**
 * FZ4: mutated timestamp tokens, OCSP answers and CRLs. Whatever is accepted must have the signed part of one of the good
 * documents, byte by byte.
 */
export function onlineTarget(seeds: readonly OnlineSeed[]): FuzzTarget & { prepare(): Promise<void> } {
  const known = new Set<string>();
  let seed = seeds[0] as OnlineSeed;
  const textOf = (signed: Uint8Array): string => Buffer.from(signed).toString('base64');
  return {
    name: 'FZ4 tokens, OCSP and CRLs',
    async prepare() {
      for (const one of seeds) {
        const signed = await checks[one.kind](one.der, one);
        if (signed === undefined) throw new Error(`the ${one.kind} to begin with is not good`);
        known.add(textOf(signed));
      }
    },
    input(random) {
      seed = random.pick(seeds);
      const other = random.pick(seeds).der;
      return mutateSeveral(seed.der, random, (bytes, source) => mutateDer(bytes, source, other));
    },
    async run(input) {
      const signed = await checks[seed.kind](input, seed);
      if (signed !== undefined && !known.has(textOf(signed))) throw new Error(`a changed ${seed.kind} was accepted`);
      return signed !== undefined;
    },
  };
}
