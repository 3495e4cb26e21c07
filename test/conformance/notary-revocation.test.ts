import type { Fetch } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import {
  type CertificateStatus,
  createRevocationChecker,
  offlineRevocationChecker,
  parseCertificates,
  recordingRevocationChecker,
} from '@notarykit/pki';
import { decodeCrlBundle, encodeCrlBundle } from '@notarykit/pki/internal';
import { expect, test } from 'vitest';
import { countVectors, vectorBytes, vectorJson, vectorSet } from '../vectors.ts';

interface Case {
  readonly Name: string;
  readonly Chain: string;
  readonly AuthenticSigningTime: string;
  readonly Responses: Readonly<Record<string, string>>;
  readonly Results: readonly { readonly method: string; readonly result: string }[];
}

/** Stricter on purpose. */
const differences: Readonly<Record<string, string>> = {
  'crl-idp-critical': 'RFC 5280, 5.2.5, forbids an empty scope; BoringSSL refuses it too',
  'crl-future': 'a CRL of the future says nothing of today',
  'ocsp-thisupdate-future': 'an answer of the future says nothing of today',
  'ocsp-delegated-no-eku': 'RFC 6960, 4.2.2.2, forbids a responder without the purpose OCSPSigning',
  'ocsp-delegated-expired': 'the certificate of the responder is past its end',
};

/** The canned OCSP answers were produced in November 2026. */
const now = new Date('2027-06-01T00:00:00Z');
const results: Readonly<Record<string, string>> = {
  good: 'OK',
  revoked: 'Revoked',
  unavailable: 'Unknown',
  notRevocable: 'NonRevokable',
};

/** The canned answers of a case; an OCSP request by GET goes to a path below the responder's URL. */
function cannedFetch(one: Case): Fetch {
  return async (url) => {
    const [, file] = Object.entries(one.Responses).find(([base]) => url === base || url.startsWith(`${base}/`)) ?? [];
    const isThere = file !== undefined && file !== '404';
    const body = isThere ? streamOf(vectorBytes('notary', 'generated', file)) : null;
    return { status: isThere ? 200 : 404, headers: new Headers(), url, body };
  };
}

const chainOf = (one: Case): ReturnType<typeof parseCertificates> =>
  parseCertificates(vectorBytes('notary', 'generated', one.Chain));

function optionsOf(one: Case): { now: Date; authenticSigningTime?: Date } {
  return one.AuthenticSigningTime === '' ? { now } : { now, authenticSigningTime: new Date(one.AuthenticSigningTime) };
}

function methodOf({ evidence }: CertificateStatus): string {
  const methods = new Set(evidence.map(({ method }) => method));
  if (methods.has('crl')) return methods.has('ocsp') ? 'OCSPFallbackCRL' : 'CRL';
  return methods.has('ocsp') ? 'OCSP' : 'Unknown';
}

const textOf = (statuses: readonly CertificateStatus[]): string =>
  statuses.map((status) => `${methodOf(status)}:${results[status.status]}`).join();

vectorSet('notary', 'notary/generated/revocation', () => {
  test('revocation: every case gives the verdict of the reference, or the stricter one that is listed', async (context) => {
    const cases = vectorJson('notary', 'generated', 'revocation', 'expected.json') as Case[];
    for (const one of cases) {
      const statuses = await createRevocationChecker({ fetch: cannedFetch(one) }).check(chainOf(one), optionsOf(one));
      const expected = one.Results.map(({ method, result }) => `${method}:${result}`).join();
      const wanted = one.Name in differences ? expected.replace(':OK', ':Unknown') : expected;
      expect.soft(`${one.Name} ${textOf(statuses)}`).toBe(`${one.Name} ${wanted}`);
    }
    countVectors(context, cases.length, cases.length);
  });

  test('revocation: recorded answers give the same verdicts without network', async () => {
    for (const one of vectorJson('notary', 'generated', 'revocation', 'expected.json') as Case[]) {
      const recorder = recordingRevocationChecker({ fetch: cannedFetch(one) });
      const online = await recorder.check(chainOf(one), optionsOf(one));
      if (online.some(({ status }) => status === 'unavailable')) continue;
      const offline = await offlineRevocationChecker(recorder).check(chainOf(one), optionsOf(one));
      expect
        .soft(
          offline.map(({ status }) => status),
          one.Name,
        )
        .toEqual(online.map(({ status }) => status));
    }
  });
});

vectorSet('notary', 'notary/notation/test/e2e/testdata/config/crl', () => {
  const folder = ['notary', 'notation', 'test', 'e2e', 'testdata', 'config', 'crl'];

  test.each([
    ['leaf.crl', 'intermediate.crl', 'CRL:OK,OCSPFallbackCRL:OK,Unknown:NonRevokable'],
    ['leaf_revoked.crl', 'intermediate.crl', 'CRL:Revoked,OCSPFallbackCRL:OK,Unknown:NonRevokable'],
    ['leaf_expired.crl', 'intermediate.crl', 'CRL:Unknown,OCSPFallbackCRL:OK,Unknown:NonRevokable'],
    ['leaf.crl', 'intermediate_revoked.crl', 'CRL:OK,OCSPFallbackCRL:Revoked,Unknown:NonRevokable'],
  ])('revocation: chain of the reference with %s and %s', async (leaf, intermediate, expected) => {
    const crls = { '/leaf.crl': leaf, '/intermediate.crl': intermediate } as Record<string, string>;
    const fetch: Fetch = async (url) => {
      const file = crls[new URL(url).pathname];
      const body = file === undefined ? null : streamOf(vectorBytes(...folder, file));
      return { status: body === null ? 404 : 200, headers: new Headers(), url, body };
    };
    const chain = parseCertificates(vectorBytes(...folder, 'certchain_with_crl.pem'));
    const checker = createRevocationChecker({ fetch, addresses: { loopback: true } });
    expect(textOf(await checker.check(chain, { now }))).toBe(expected);
    const withoutLoopback = await createRevocationChecker({ fetch }).check(chain, { now });
    expect(withoutLoopback[0]?.status).toBe('unavailable');
  });

  test('CRL cache: the JSON is the one of the reference', () => {
    const baseCrl = vectorBytes(...folder, 'leaf.crl');
    const json = JSON.stringify({ baseCRL: Buffer.from(baseCrl).toString('base64') });
    expect(encodeCrlBundle({ baseCrl })).toBe(json);
    expect(decodeCrlBundle(json)).toEqual({ baseCrl });
    const both = encodeCrlBundle({ baseCrl, deltaCrl: baseCrl });
    expect(decodeCrlBundle(both)).toEqual({ baseCrl, deltaCrl: baseCrl });
  });
});
