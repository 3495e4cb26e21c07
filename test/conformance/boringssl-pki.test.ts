import { decodeBase64, encodeBase64 } from '@notarykit/common';
import { type Certificate, PkiError, parseCertificate } from '@notarykit/pki';
import {
  checkCrl,
  checkOcsp,
  combineCrlVerdicts,
  encodeOcspRequest,
  parseCrl,
  parseOcspResponse,
} from '@notarykit/pki/internal';
import { expect, test } from 'vitest';
import { countVectors, vectorJson, vectorSet } from '../vectors.ts';

type Status = 'GOOD' | 'REVOKED' | 'UNKNOWN';
interface Case {
  readonly id: string;
  readonly expected_status: Status;
  readonly certificate: string;
  readonly issuer: string;
  readonly issuer2?: string;
  readonly response: string;
  readonly request: string;
  readonly crl: string;
}

const statuses: Readonly<Record<string, Status>> = { good: 'GOOD', revoked: 'REVOKED', unavailable: 'UNKNOWN' };
const certificateOf = (text: string): Certificate => parseCertificate(decodeBase64(text));

/** A malformed answer is no answer. */
async function statusOf(check: () => Promise<string>): Promise<Status> {
  try {
    return statuses[await check()] as Status;
  } catch (error) {
    expect(error).toBeInstanceOf(PkiError);
    return 'UNKNOWN';
  }
}

/** Verdicts that differ on purpose: good or revoked there, not good here. */
const differences: Readonly<Record<string, string>> = {
  good_response_invalid_serial: 'the serial number of the certificate is not DER',
  good_no_nextupdate: 'a CRL without nextUpdate never ends',
  good_fake_extension_no_nextupdate: 'a CRL without nextUpdate never ends',
  revoked_no_nextupdate: 'a CRL without nextUpdate never ends',
  good_issuer_name_normalization: 'names are compared byte by byte',
};

/** The only verdicts that are good here and not there. */
const read: Readonly<Record<string, string>> = {
  invalid_revoked_empty_sequence: 'authorities write a list that is there and empty: it lists nothing (decision 0121)',
};

const files = {
  ocsp: (one: Case, now: Date, maxAgeMs: number): Promise<Status> =>
    statusOf(async () => {
      const [certificate, issuer] = [certificateOf(one.certificate), certificateOf(one.issuer)];
      const response = parseOcspResponse(decodeBase64(one.response));
      return (await checkOcsp(response, { certificate, issuer, now, maxAgeMs, allowSha1: true })).outcome;
    }),
  crl: (one: Case, now: Date, maxAgeMs: number): Promise<Status> =>
    statusOf(async () => {
      const certificate = certificateOf(one.certificate);
      const issuers = [one.issuer, ...(one.issuer2 === undefined ? [] : [one.issuer2])].map(certificateOf);
      const url = certificate.crlUrls[0] ?? 'http://example.com/foo.crl';
      const base = parseCrl(decodeBase64(one.crl));
      const verdict = await checkCrl({ base }, { certificate, issuers, url, now, maxAgeMs, allowSha1: true });
      return combineCrlVerdicts([verdict]);
    }),
} as const;

vectorSet('boringssl-pki', 'boringssl-pki', () => {
  test.each(['ocsp', 'crl'] as const)(
    'every %s case gives its verdict, except for the named ones that are accepted',
    async (file) => {
      const { cases, verify_time, max_age_seconds } = vectorJson('boringssl-pki', `${file}.json`);
      for (const one of cases as Case[]) {
        const found = await files[file](one, new Date(verify_time), max_age_seconds * 1000);
        const stricter = one.id in differences ? 'UNKNOWN' : one.expected_status;
        const expected = one.id in read ? 'GOOD' : stricter;
        expect.soft(`${one.id}: ${found}`).toBe(`${one.id}: ${expected}`);
      }
    },
  );

  test('every OCSP request is the one a client is to send', async (context) => {
    const ocsp = vectorJson('boringssl-pki', 'ocsp.json').cases as Case[];
    for (const one of ocsp) {
      if (one.id === 'good_response_invalid_serial') continue;
      const request = await encodeOcspRequest(certificateOf(one.certificate), certificateOf(one.issuer));
      expect(encodeBase64(request)).toBe(one.request);
    }
    const total = ocsp.length + vectorJson('boringssl-pki', 'crl.json').cases.length;
    countVectors(context, total, total);
  });
});
