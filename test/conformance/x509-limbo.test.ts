import { isCodedError } from '@notarykit/common';
import { buildPath, type Certificate, type PathProfile, PkiError, parseCertificates, parsePem } from '@notarykit/pki';
import { checkCrl, combineCrlVerdicts, parseCrl } from '@notarykit/pki/internal';
import { expect, test } from 'vitest';
import { withCpuTime } from '../support/cpu-time.ts';
import { countVectors, vectorJson, vectorSet } from '../vectors.ts';

interface LimboCase {
  readonly id: string;
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly validation_time: string | null;
  readonly validation_kind: 'SERVER' | 'CLIENT';
  readonly max_chain_depth: number | null;
  readonly crls: readonly string[];
}

interface LimboClass {
  readonly id: string;
  readonly class: 'core' | 'crl' | 'strict' | 'divergent' | 'na';
  readonly expected: 'SUCCESS' | 'FAILURE';
}

const purposes = { SERVER: '1.3.6.1.5.5.7.3.1', CLIENT: '1.3.6.1.5.5.7.3.2' } as const;
const fixedTime = '2025-06-01T00:00:00Z';
const slowestAllowedMs = 1000;

/** Certificates of PEM texts; what does not parse is left out, as the set says. */
function readable(pems: readonly string[]): Certificate[] {
  return pems.flatMap((pem) => {
    try {
      return parseCertificates(pem);
    } catch (error) {
      if (isCodedError(error)) return [];
      throw error;
    }
  });
}

/** Refuses a path with a certificate that the CRLs of the case do not call good. */
async function checkCrls(limbo: LimboCase, path: readonly Certificate[], now: Date): Promise<void> {
  if (limbo.crls.length === 0) return;
  const crls = limbo.crls.flatMap((pem) => parsePem(pem)).map(({ der }) => parseCrl(der));
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const issuers = path.slice(index + 1);
    const verdicts = await Promise.all(
      crls.map((base) => checkCrl({ base }, { certificate, issuers, now, requireNumber: true })),
    );
    const status = combineCrlVerdicts(verdicts.filter(({ outcome }) => outcome !== 'unavailable'));
    if (status !== 'good') throw new PkiError('ERR_PKI_REVOCATION', `revocation is ${status}`);
  }
}

async function findPath(limbo: LimboCase, profile: PathProfile): Promise<void> {
  const [leaf] = parseCertificates(limbo.peer_certificate);
  const at = new Date(limbo.validation_time ?? fixedTime);
  await buildPath(leaf as Certificate, {
    anchors: readable(limbo.trusted_certs),
    intermediates: readable(limbo.untrusted_intermediates),
    at,
    check: (path) => checkCrls(limbo, path, at),
    profile,
    extendedKeyUsage: purposes[limbo.validation_kind],
    ...(limbo.max_chain_depth === null ? {} : { maxIntermediates: limbo.max_chain_depth }),
  });
}

/** `SUCCESS`, or the code of the refusal; anything but a coded error fails the test. */
async function verdictOf(limbo: LimboCase, profile: PathProfile): Promise<string> {
  const { result, cpuMs } = await withCpuTime(async () => {
    try {
      await findPath(limbo, profile);
      return 'SUCCESS';
    } catch (error) {
      if (!isCodedError(error)) throw error;
      return error.code;
    }
  });
  expect(cpuMs).toBeLessThan(slowestAllowedMs);
  return result;
}

const load = (): { cases: Map<string, LimboCase>; classes: readonly LimboClass[] } => ({
  cases: new Map((vectorJson('x509-limbo', 'limbo.json').testcases as LimboCase[]).map((entry) => [entry.id, entry])),
  classes: vectorJson('x509-limbo', 'classes.json').cases,
});

const refusals = ['ERR_PKI_CHAIN', 'ERR_PKI_LIMIT', 'ERR_PKI_CERTIFICATE', 'ERR_PKI_ASN1'];

vectorSet('x509-limbo', 'x509-limbo', () => {
  const { cases, classes } = load();
  test.each(classes.filter((entry) => ['core', 'crl'].includes(entry.class)))(
    '$id: $expected',
    async ({ id, expected }) => {
      const verdict = await verdictOf(cases.get(id) as LimboCase, 'notary');
      if (expected === 'SUCCESS') expect(verdict).toBe('SUCCESS');
      else expect(refusals).toContain(verdict);
    },
  );

  // Two of the strict cases end in a refusal all the same: one is larger than a certificate may be, one has an authority as leaf.
  test('A12 the profile notary refuses nothing for an extension that the specification says to ignore', async (context) => {
    const refused: string[] = [];
    for (const { id } of classes.filter((entry) => entry.class === 'strict')) {
      if ((await verdictOf(cases.get(id) as LimboCase, 'notary')) !== 'SUCCESS') refused.push(id);
    }
    expect(refused).toEqual(['pathological::nc-dos-1', 'rfc5280::serial::negative']);
    countVectors(context, 0, 0);
  });

  test('A11 an authority in the place of the leaf is refused', async (context) => {
    for (const { id } of classes.filter((entry) => entry.class === 'divergent')) {
      expect(await verdictOf(cases.get(id) as LimboCase, 'notary')).toBe('ERR_PKI_CHAIN');
    }
    countVectors(context, 0, 0);
  });
});

vectorSet('x509-limbo-rfc5280', 'x509-limbo', () => {
  const { cases, classes } = load();
  test.each(classes.filter((entry) => ['core', 'crl', 'strict'].includes(entry.class)))(
    '$id: $expected',
    async ({ id, expected }) => {
      const verdict = await verdictOf(cases.get(id) as LimboCase, 'rfc5280');
      if (expected === 'SUCCESS') expect(verdict).toBe('SUCCESS');
      else expect(refusals).toContain(verdict);
    },
  );
});
