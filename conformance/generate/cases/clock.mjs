// The few cases that another clock must judge: what happens at the very second.

import { ca, certificatePem, tsaRoot } from '../lib/authorities.mjs';
import { formatFor, ociCase, policy, refused, stores, trusted } from '../lib/case.mjs';
import { crl, ocsp } from '../lib/revocation.mjs';
import { rfc, sections } from '../lib/sections.mjs';
import { adding, crlAt, issue, ocspAt } from '../lib/x509.mjs';

const row = (id, spec, why, time, expected, { signature = {}, ...more } = {}) =>
  ociCase({
    id: `clock-${id}`,
    spec,
    why,
    time,
    expected,
    tags: ['clock'],
    signature: { format: formatFor(id), ...signature },
    ...more,
  });

function expiries() {
  const signature = { says: { expiry: '2030-01-01T00:00:00Z' } };
  const one = (id, why, time, expected) => row(`expiry-${id}`, sections.expiry, why, time, expected, { signature });
  return [
    one(
      'a-second-before',
      'One second before its expiry the artifact has not expired.',
      '2029-12-31T23:59:59Z',
      trusted(),
    ),
    one('at-it', 'At its expiry the artifact has expired.', '2030-01-01T00:00:00Z', refused('expiry')),
    one(
      'a-second-after',
      'One second after its expiry the artifact has expired.',
      '2030-01-01T00:00:01Z',
      refused('expiry'),
    ),
  ];
}

function validity() {
  const signer = issue('leaf', 'Kit Leaf of the twenties', {
    by: ca,
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2029-12-31T23:59:59Z',
  });
  const one = (id, why, time, expected) =>
    row(`validity-${id}`, sections.steps, why, time, expected, { signature: { signer } });
  const no = refused('authenticTimestamp');
  return [
    one('a-second-before', 'One second before its beginning the certificate is not valid.', '2025-12-31T23:59:59Z', no),
    one('first-second', 'The beginning of the validity belongs to it.', '2026-01-01T00:00:00Z', trusted()),
    one('last-second', 'The end of the validity belongs to it.', '2029-12-31T23:59:59Z', trusted()),
    one('a-second-after', 'One second after its end the certificate is not valid.', '2030-01-01T00:00:00Z', no),
    row(
      'after-cert-expiry',
      sections.timestampDetails,
      'afterCertExpiry demands a token as soon as the certificate has ended.',
      '2030-01-01T00:00:00Z',
      no,
      {
        signature: { signer },
        stores: { ...stores.ca, 'tsa/kit': { 'root.pem': certificatePem(tsaRoot) } },
        policy: policy({ trustStores: ['ca:kit', 'tsa:kit'], verifyTimestamp: 'afterCertExpiry' }),
      },
    ),
  ];
}

function evidence() {
  const url = 'http://crl.kit.example/leaf.crl';
  const responder = 'http://ocsp.kit.example/leaf';
  const byCrl = issue('leaf', 'Kit Leaf with CRL of a day', { by: ca, extensions: adding(crlAt(url)) });
  const byOcsp = issue('leaf', 'Kit Leaf with OCSP of a day', { by: ca, extensions: adding(ocspAt(responder)) });
  const day = { thisUpdate: '2030-01-01T00:00:00Z', nextUpdate: '2030-01-02T00:00:00Z' };
  const list = { signature: { signer: byCrl }, evidence: [{ url, content: crl(ca, day) }] };
  const answer = {
    signature: { signer: byOcsp },
    evidence: [
      { url: responder, content: ocsp(ca, [{ serial: byOcsp.serial, ...day }], { producedAt: day.thisUpdate }) },
    ],
  };
  const no = refused('revocation');
  return [
    row('crl-current', sections.crlChecking, 'The CRL is current.', '2030-01-01T12:00:00Z', trusted(), list),
    row(
      'crl-last-second',
      sections.crlChecking,
      'A CRL has ended after its next update, not at it.',
      '2030-01-02T00:00:00Z',
      trusted(),
      list,
    ),
    row('crl-ended', sections.crlChecking, 'The CRL is outdated.', '2030-01-02T00:00:01Z', no, list),
    row('ocsp-current', sections.ocspChecking, 'The answer is current.', '2030-01-01T12:00:00Z', trusted(), answer),
    row('ocsp-ended', sections.ocspChecking, 'The response is outdated.', '2030-01-02T00:00:01Z', no, answer),
    row(
      'ocsp-of-tomorrow',
      rfc(6960, '4.2.2.1'),
      'An answer whose thisUpdate is in the future is not reliable.',
      '2029-12-31T00:00:00Z',
      no,
      { ...answer, requirement: 'SHOULD' },
    ),
  ];
}

export const cases = () => {
  return [...expiries(), ...validity(), ...evidence()];
};
