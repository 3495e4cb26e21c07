// Revocation, by evidence that is served to the verifier under the URLs that the certificates name.

import { ca, root, stranger } from '../lib/authorities.mjs';
import { bytes } from '../lib/bytes.mjs';
import { formatFor, ociCase, policy, refused, stores, trusted } from '../lib/case.mjs';
import { primitive, sequence } from '../lib/der.mjs';
import { crl, ocsp, ocspError } from '../lib/revocation.mjs';
import { rfc, sections } from '../lib/sections.mjs';
import {
  adding,
  crlAt,
  extendedKeyUsage,
  extension,
  freshestCrlAt,
  issue,
  keyUsage,
  ocspAt,
  replacing,
  without,
} from '../lib/x509.mjs';

const urls = {
  crl: 'http://crl.kit.example/leaf.crl',
  second: 'http://crl.kit.example/second.crl',
  delta: 'http://crl.kit.example/delta.crl',
  ca: 'http://crl.kit.example/ca.crl',
  ocsp: 'http://ocsp.kit.example/leaf',
  ocspSecond: 'http://ocsp.kit.example/second',
  ocspCa: 'http://ocsp.kit.example/ca',
};
const leafOf = (name, ...extensions) =>
  issue('leaf', `Kit Leaf with ${name}`, { by: ca, extensions: adding(...extensions) });
const byCrl = leafOf('CRL', crlAt(urls.crl));
const byOcsp = leafOf('OCSP', ocspAt(urls.ocsp));
const byBoth = leafOf('OCSP and CRL', ocspAt(urls.ocsp), crlAt(urls.crl));

const no = refused('revocation');
const row = (id, spec, why, signer, evidence, more = {}) =>
  ociCase({
    id: `revocation-${id}`,
    spec,
    why,
    evidence: evidence.map(([url, content, rest]) => ({ url, content, ...rest })),
    expected: no,
    tags: ['revocation'],
    ...more,
    signature: { signer, format: formatFor(id), ...more.signature },
  });
const good = { expected: trusted() };
const { serial } = byCrl;
const authority = (at) => ({
  signature: { says: { scheme: 'notary.x509.signingAuthority', at } },
  stores: stores.signingAuthority,
  policy: policy({ trustStores: ['signingAuthority:kit'] }),
});

function crls() {
  const K = sections.crlChecking;
  const D = sections.crlDownload;
  const one = (id, why, options, more = {}) =>
    row(`crl-${id}`, more.spec ?? K, why, byCrl, [[urls.crl, crl(ca, options)]], more);
  const body = (id, why, content, rest, more = {}) =>
    row(`crl-${id}`, D, why, byCrl, [[urls.crl, content, rest]], more);
  const revoked = (entry) => ({ revoked: [{ serial, ...entry }] });
  const invalid = { invalidSince: '2025-02-01T00:00:00Z' };
  return [
    one('good', 'The certificate is not listed.', {}, good),
    one(
      'others-listed',
      'Other certificates are listed.',
      { revoked: [{ serial: 1n }, { serial: serial + 1n }] },
      good,
    ),
    one('revoked', 'The certificate is listed.', revoked({})),
    one('revoked-with-reason', 'The certificate is listed, with a reason.', revoked({ reason: 'keyCompromise' })),
    one('superseded', 'A certificate that was superseded is revoked too.', revoked({ reason: 'superseded' })),
    one('hold', 'A certificate on hold is revoked as long as it is.', revoked({ reason: 'certificateHold' })),
    one('last-of-many', 'The certificate is the last of those listed.', {
      revoked: [...Array.from({ length: 50 }, (_, i) => ({ serial: BigInt(i + 1) })), { serial }],
    }),
    one('corrupt', 'The signature of the CRL does not hold.', { corrupt: true }),
    one('by-another-key', "The CRL is signed by another key than the issuer's.", { signWith: stranger.key }),
    one(
      'of-another-issuer',
      "The CRL is another issuer's.",
      { issuerName: root.subject },
      { spec: rfc(5280, '6.3.3') },
    ),
    one('ended', 'The CRL is outdated.', { nextUpdate: '2025-06-01T00:00:00Z' }),
    one('ended-and-listed', 'The CRL is outdated, and lists the certificate.', {
      nextUpdate: '2025-06-01T00:00:00Z',
      revoked: [{ serial, reason: 'keyCompromise' }],
    }),
    one(
      'no-next-update',
      'A CRL says when the next one comes.',
      { nextUpdate: null },
      { spec: rfc(5280, '5.1.2.5'), requirement: 'SHOULD' },
    ),
    one(
      'critical-extension',
      'A CRL with a critical extension that is unknown must not be used.',
      { extensions: [extension('1.3.6.1.4.1.99999.3', [0x05, 0x00], true)] },
      { spec: rfc(5280, '5.2') },
    ),
    one(
      'extension-not-critical',
      'An unknown extension that is not critical does no harm.',
      { extensions: [extension('1.3.6.1.4.1.99999.3', [0x05, 0x00])] },
      { ...good, spec: rfc(5280, '5.2') },
    ),
    one(
      'critical-entry-extension',
      'An entry with a critical extension that is unknown: the CRL must not be used.',
      revoked({ extensions: [extension('1.3.6.1.4.1.99999.4', [0x05, 0x00], true)] }),
      { spec: rfc(5280, '5.3') },
    ),
    one(
      'only-ca-certificates',
      'The CRL is of authorities alone, and says nothing of signers.',
      { extensions: [scope(2)] },
      { spec: rfc(5280, '5.2.5') },
    ),
    one(
      'only-attribute-certificates',
      'The CRL is of attribute certificates alone.',
      { extensions: [scope(5)] },
      { spec: rfc(5280, '5.2.5') },
    ),
    one(
      'only-user-certificates',
      'The CRL is of signers alone, which the certificate is.',
      { extensions: [scope(1)] },
      { ...good, spec: rfc(5280, '5.2.5') },
    ),
    one(
      'sha-1',
      'A CRL signed with SHA-1 proves nothing.',
      { hash: 'sha1' },
      { spec: sections.algorithms, requirement: 'SHOULD' },
    ),
    one('invalid-later', 'The key was good at the authentic signing time.', revoked(invalid), {
      ...good,
      ...authority('2025-01-15T00:00:00Z'),
      spec: sections.crlChecking,
    }),
    one('invalid-before', 'The key was bad before the authentic signing time.', revoked(invalid), {
      ...authority('2025-02-15T00:00:00Z'),
      expected: no,
    }),
    one('invalid-later-claimed', 'A claimed signing time excuses nothing.', revoked(invalid), {
      signature: { says: { at: '2025-01-15T00:00:00Z' } },
      spec: sections.signingTime,
    }),
    one(
      'revoked-later-authentic',
      'Without invalidity date the certificate is revoked, whenever it was.',
      revoked({}),
      { ...authority('2025-01-15T00:00:00Z'), expected: no },
    ),
    body('missing', 'The CRL is not available.', undefined, { status: 404 }),
    body('server-error', 'The CRL is not available.', crl(ca), { status: 500 }),
    body('partial-content', 'Status 206 is not 200.', crl(ca), { status: 206 }),
    body('empty', 'An empty answer is not a CRL.', bytes()),
    body('page', 'An HTML page is not a CRL.', bytes('<html>sign in</html>')),
    body('trailing-bytes', 'A CRL, and nothing after it.', bytes(crl(ca), [0]), undefined, {
      spec: rfc(5280, '5.1'),
      requirement: 'SHOULD',
    }),
    body('cut', 'The CRL is truncated.', crl(ca).subarray(0, 60)),
    body('certificate', 'A certificate is not a CRL.', ca.der),
  ];
}

/** issuingDistributionPoint with one scope: 1 users, 2 authorities, 5 attributes. */
const scope = (field) => extension('2.5.29.28', sequence(primitive(field, [0xff])), true);

function places() {
  const D = sections.crlDownload;
  const two = leafOf('two CRLs', crlAt(urls.crl, urls.second));
  const other = (url, name) => leafOf(name, crlAt(url));
  const noSign = issue('ca', 'Kit CA without cRLSign', { by: root, extensions: replacing(keyUsage(['keyCertSign'])) });
  const underNoSign = issue('leaf', 'Kit Leaf under no cRLSign', { by: noSign, extensions: adding(crlAt(urls.crl)) });
  return [
    row(
      'crl-second-answers',
      D,
      'The next location is tried until one answers.',
      two,
      [
        [urls.crl, undefined, { status: 404 }],
        [urls.second, crl(ca)],
      ],
      good,
    ),
    row('crl-none-answers', D, 'No location answers.', two, [
      [urls.crl, undefined, { status: 404 }],
      [urls.second, undefined, { status: 404 }],
    ]),
    row('crl-second-revokes', D, 'The location that answers lists the certificate.', two, [
      [urls.crl, undefined, { status: 404 }],
      [urls.second, crl(ca, { revoked: [{ serial: two.serial }] })],
    ]),
    row(
      'crl-https',
      sections.crls,
      'Only http is supported, so the CRL is not available.',
      other('https://crl.kit.example/leaf.crl', 'CRL over https'),
      [],
    ),
    row(
      'crl-ldap',
      sections.crls,
      'Only http is supported, so the CRL is not available.',
      other('ldap://crl.kit.example/leaf', 'CRL over LDAP'),
      [],
    ),
    row(
      'crl-file',
      sections.crls,
      'Only http is supported, so the CRL is not available.',
      other('file:///etc/passwd', 'CRL in a file'),
      [],
    ),
    row('crl-issuer-without-sign', rfc(5280, '6.3.3'), 'The issuer may sign no CRLs.', underNoSign, [
      [urls.crl, crl(noSign)],
    ]),
  ];
}

/** The intermediate names evidence, too. */
function intermediates() {
  const R = sections.revocation;
  const withCrl = issue('ca', 'Kit CA with CRL', { by: root, extensions: adding(crlAt(urls.ca)) });
  const withOcsp = issue('ca', 'Kit CA with OCSP', { by: root, extensions: adding(ocspAt(urls.ocspCa)) });
  const under = issue('leaf', 'Kit Leaf under CA with CRL', { by: withCrl });
  const underOcsp = issue('leaf', 'Kit Leaf under CA with OCSP', {
    by: withOcsp,
    extensions: adding(ocspAt(urls.ocsp)),
  });
  const leafGood = ocsp(withOcsp, [{ serial: underOcsp.serial }]);
  const of = (status) => ocsp(root, [{ serial: withOcsp.serial, status }]);
  return [
    row(
      'ca-good',
      R,
      'The intermediate is not revoked; the leaf names no evidence.',
      under,
      [[urls.ca, crl(root)]],
      good,
    ),
    row('ca-revoked', R, 'Each certificate of the chain is looked up: the intermediate is revoked.', under, [
      [urls.ca, crl(root, { revoked: [{ serial: withCrl.serial }] })],
    ]),
    row(
      'ca-unavailable',
      R,
      'Each certificate of the chain is looked up: the status of the intermediate is not available.',
      under,
      [[urls.ca, undefined, { status: 404 }]],
    ),
    row(
      'ca-ocsp-good',
      R,
      'Leaf and intermediate are good.',
      underOcsp,
      [
        [urls.ocsp, leafGood],
        [urls.ocspCa, of('good')],
      ],
      good,
    ),
    row('ca-ocsp-revoked', R, 'The leaf is good, the intermediate is revoked.', underOcsp, [
      [urls.ocsp, leafGood],
      [urls.ocspCa, of('revoked')],
    ]),
    row('ca-ocsp-unknown', R, 'The leaf is good, the status of the intermediate is not available.', underOcsp, [
      [urls.ocsp, leafGood],
      [urls.ocspCa, of('unknown')],
    ]),
  ];
}

function deltas() {
  const D = sections.deltaCrls;
  const base = (options = {}) => crl(ca, { number: 5, extensions: [freshestCrlAt(urls.delta)], ...options });
  const delta = (options = {}) => crl(ca, { number: 6, base: 5, ...options });
  const one = (id, why, answer, more = {}, baseOptions = {}) =>
    row(
      `delta-${id}`,
      more.spec ?? D,
      why,
      byCrl,
      [
        [urls.crl, base(baseOptions)],
        [urls.delta, answer, answer === undefined ? { status: 404 } : {}],
      ],
      more,
    );
  const N = rfc(5280, '5.2.4');
  return [
    one('good', 'The certificate is listed in neither.', delta(), good),
    one('revokes', 'The delta CRL lists the certificate.', delta({ revoked: [{ serial }] })),
    one('base-revokes', 'The base lists the certificate, the delta does not.', delta(), {}, { revoked: [{ serial }] }),
    one('missing', 'The delta CRL is not available.', undefined),
    one('corrupt', 'The signature of the delta CRL does not hold.', delta({ corrupt: true })),
    one('by-another-issuer', 'Base and delta are of one issuer.', crl(stranger, { number: 6, base: 5 }), { spec: N }),
    one('ended', 'The delta CRL is outdated.', delta({ nextUpdate: '2025-06-01T00:00:00Z' })),
    one('newer-base', 'The delta CRL is against a base that is newer than this one.', delta({ base: 6, number: 7 }), {
      spec: N,
    }),
    one('older-number', 'The delta CRL is older than the base.', delta({ number: 4, base: 3 }), { spec: N }),
    one('not-a-delta', 'A CRL without the delta indicator is not a delta CRL.', crl(ca, { number: 6 }), { spec: N }),
    one(
      'releases',
      'A certificate on hold was released by the delta CRL.',
      delta({ revoked: [{ serial, reason: 'removeFromCRL', at: '2025-04-01T00:00:00Z' }] }),
      { ...good, spec: rfc(5280, '5.3.1') },
      { revoked: [{ serial, reason: 'certificateHold' }] },
    ),
  ];
}

function answers() {
  const K = sections.ocspChecking;
  const D = sections.ocspDownload;
  const of = (single = {}, options = {}) => ocsp(ca, [{ serial: byOcsp.serial, ...single }], options);
  const one = (id, why, content, more = {}, rest) =>
    row(`ocsp-${id}`, more.spec ?? K, why, byOcsp, [[urls.ocsp, content, rest]], more);
  const revoked = { status: 'revoked' };
  const invalid = { ...revoked, invalidSince: '2025-02-01T00:00:00Z' };
  const R = rfc(6960, '3.2');
  return [
    one('good', 'The responder says good.', of(), good),
    one('revoked', 'The responder says revoked.', of(revoked)),
    one(
      'revoked-with-reason',
      'The responder says revoked, with a reason.',
      of({ ...revoked, reason: 'keyCompromise' }),
    ),
    one('hold', 'A certificate on hold is revoked as long as it is.', of({ ...revoked, reason: 'certificateHold' })),
    one('unknown', 'The responder does not know the certificate.', of({ status: 'unknown' })),
    one('ended', 'The response is outdated.', of({ nextUpdate: '2025-06-01T00:00:00Z' })),
    one(
      'ended-revoked',
      'The response is outdated, and says revoked.',
      of({ ...revoked, nextUpdate: '2025-06-01T00:00:00Z' }),
    ),
    one(
      'no-next-update',
      'An answer without end cannot be told from one that was recorded long ago.',
      of({ nextUpdate: null }),
      { spec: R, requirement: 'SHOULD' },
    ),
    one(
      'of-the-future',
      'An answer whose thisUpdate is in the future is not reliable.',
      of({ thisUpdate: '2101-06-01T00:00:00Z' }),
      {
        spec: rfc(6960, '4.2.2.1'),
        requirement: 'SHOULD',
      },
    ),
    one('corrupt', 'The signature of the answer does not hold.', of({}, { corrupt: true })),
    one(
      'by-another-key',
      "The answer is signed by a key that is not the issuer's.",
      of({}, { signWith: stranger.key }),
    ),
    one('other-serial', 'The answer is about another certificate.', ocsp(ca, [{ serial: byOcsp.serial + 1n }]), {
      spec: R,
    }),
    one('other-issuer', 'The answer is about the certificate of another issuer.', of({ of: root }), { spec: R }),
    one(
      'other-and-own',
      'One of two answers is about the certificate.',
      ocsp(ca, [{ serial: 1n, ...revoked }, { serial: byOcsp.serial }]),
      { ...good, spec: R },
    ),
    one(
      'good-and-revoked',
      'Two answers about one certificate contradict each other.',
      ocsp(ca, [{ serial: byOcsp.serial }, { serial: byOcsp.serial, ...revoked }]),
      { spec: R, requirement: 'SHOULD' },
    ),
    one(
      'critical-extension',
      'An answer with a critical extension that is unknown must not be used.',
      of({ extensions: [extension('1.3.6.1.4.1.99999.5', [0x05, 0x00], true)] }),
      { spec: rfc(6960, '4.4') },
    ),
    ...[
      ['malformed', 1],
      ['internal-error', 2],
      ['try-later', 3],
      ['unauthorized', 6],
    ].map(([name, status]) =>
      one(name, `The responder answers ${name}, which says nothing of the certificate.`, ocspError(status), {
        spec: rfc(6960, '2.3'),
      }),
    ),
    one('missing', 'The responder is not available.', undefined, { spec: D }, { status: 404 }),
    one('server-error', 'Status 500 is not 200.', of(), { spec: D }, { status: 500 }),
    one('empty', 'An empty answer is not an OCSP response.', bytes(), { spec: D }),
    one('page', 'An HTML page is not an OCSP response.', bytes('<html>sign in</html>'), { spec: D }),
    one('invalid-later', 'The key was good at the authentic signing time.', of(invalid), {
      ...good,
      ...authority('2025-01-15T00:00:00Z'),
    }),
    one('invalid-before', 'The key was bad before the authentic signing time.', of(invalid), {
      ...authority('2025-02-15T00:00:00Z'),
      expected: no,
    }),
    one('invalid-later-claimed', 'A claimed signing time excuses nothing.', of(invalid), {
      signature: { says: { at: '2025-01-15T00:00:00Z' } },
    }),
  ];
}

function delegates() {
  const K = sections.ocspChecking;
  const R = rfc(6960, '4.2.2.2');
  const delegate = (name, options = {}) => issue('ocsp', `Kit Responder ${name}`, { by: ca, ...options });
  const one = (id, why, signer, more = {}, evidence = []) =>
    row(
      `delegate-${id}`,
      more.spec ?? R,
      why,
      byOcsp,
      [[urls.ocsp, ocsp(ca, [{ serial: byOcsp.serial }], { signer })], ...evidence],
      more,
    );
  const checked = (name) =>
    delegate(name, { extensions: (list) => adding(crlAt(urls.second))(without('1.3.6.1.5.5.7.48.1.5')(list)) });
  const [clean, bad] = [checked('looked up'), checked('revoked')];
  return [
    one('good', 'The issuer authorized the responder.', delegate('good'), { ...good, spec: K }),
    one(
      'without-purpose',
      'A delegate has the purpose OCSPSigning.',
      delegate('without purpose', { extensions: without('2.5.29.37') }),
    ),
    one(
      'code-signing',
      'A delegate has the purpose OCSPSigning, not another one.',
      delegate('code signing', { extensions: replacing(extendedKeyUsage(['codeSigning'])) }),
    ),
    one(
      'ended',
      'The certificate of the delegate has ended.',
      delegate('ended', { notAfter: '2025-12-31T23:59:59Z' }),
      { spec: K },
    ),
    one(
      'of-another-ca',
      'The delegate is issued by another authority.',
      issue('ocsp', 'Kit Foreign Responder', { by: stranger }),
    ),
    one(
      'of-the-root',
      'The delegate is issued by the authority of the certificate, not by one above.',
      issue('ocsp', 'Kit Root Responder', { by: root }),
    ),
    one('self-signed', 'Nobody authorized this responder.', issue('ocsp', 'Kit Self-made Responder')),
    one('the-leaf-itself', 'The certificate does not answer for itself.', byOcsp),
    one('looked-up', 'Without nocheck the delegate is looked up, and is good.', clean, { ...good, spec: K }, [
      [urls.second, crl(ca)],
    ]),
    one('revoked', 'Without nocheck the delegate is looked up, and is revoked.', bad, { spec: K }, [
      [urls.second, crl(ca, { revoked: [{ serial: bad.serial }] })],
    ]),
  ];
}

function bothKinds() {
  const R = sections.revocation;
  const says = (status) => ocsp(ca, [{ serial: byBoth.serial, status }]);
  const listed = crl(ca, { revoked: [{ serial: byBoth.serial }] });
  const two = leafOf('two responders', ocspAt(urls.ocsp, urls.ocspSecond));
  const pair = (id, why, first, second, more) =>
    row(
      id,
      R,
      why,
      byBoth,
      [
        [urls.ocsp, ...first],
        [urls.crl, ...second],
      ],
      more,
    );
  return [
    pair('both-good', 'Responder and CRL say good.', [says('good')], [crl(ca)], good),
    pair('ocsp-preferred-good', 'The responder is preferred: the CRL is not asked.', [says('good')], [listed], good),
    pair('ocsp-preferred-revoked', 'The responder is preferred: it says revoked.', [says('revoked')], [crl(ca)]),
    pair(
      'fallback-good',
      'The responder is not available: the CRL says good.',
      [undefined, { status: 404 }],
      [crl(ca)],
      good,
    ),
    pair(
      'fallback-revoked',
      'The responder is not available: the CRL says revoked.',
      [undefined, { status: 404 }],
      [listed],
    ),
    pair(
      'fallback-after-unknown',
      'The responder does not know: the CRL says good.',
      [says('unknown')],
      [crl(ca)],
      good,
    ),
    pair(
      'fallback-after-unknown-revoked',
      'The responder does not know: the CRL says revoked.',
      [says('unknown')],
      [listed],
    ),
    pair('fallback-missing', 'Neither is available.', [undefined, { status: 404 }], [undefined, { status: 404 }]),
    pair(
      'fallback-ended',
      'The responder is not available, and the CRL is outdated.',
      [undefined, { status: 404 }],
      [crl(ca, { nextUpdate: '2025-06-01T00:00:00Z' })],
    ),
    row(
      'ocsp-second-answers',
      sections.ocspDownload,
      'The next responder is asked until one answers.',
      two,
      [
        [urls.ocsp, undefined, { status: 404 }],
        [urls.ocspSecond, ocsp(ca, [{ serial: two.serial }])],
      ],
      good,
    ),
    row('ocsp-second-revokes', sections.ocspDownload, 'The responder that answers says revoked.', two, [
      [urls.ocsp, undefined, { status: 404 }],
      [urls.ocspSecond, ocsp(ca, [{ serial: two.serial, status: 'revoked' }])],
    ]),
    row('ocsp-none-answers', sections.ocspDownload, 'No responder answers.', two, [
      [urls.ocsp, undefined, { status: 404 }],
      [urls.ocspSecond, undefined, { status: 404 }],
    ]),
  ];
}

function levels() {
  const L = sections.levels;
  const listed = [[urls.crl, crl(ca, { revoked: [{ serial }] })]];
  const away = [[urls.crl, undefined, { status: 404 }]];
  const one = (id, why, statement, evidence, expected) =>
    row(`level-${id}`, statement.override === undefined ? L : sections.customLevel, why, byCrl, evidence, {
      policy: policy(statement),
      expected,
    });
  return [
    one('permissive', 'permissive logs revocation.', { level: 'permissive' }, listed, trusted('revocation')),
    one('audit', 'audit logs revocation.', { level: 'audit' }, listed, trusted('revocation')),
    one(
      'permissive-unavailable',
      'permissive logs that nothing is known.',
      { level: 'permissive' },
      away,
      trusted('revocation'),
    ),
    one('skip', 'An override skips revocation.', { override: { revocation: 'skip' } }, listed, trusted()),
    one(
      'skip-unavailable',
      'An override skips revocation: nothing is asked.',
      { override: { revocation: 'skip' } },
      away,
      trusted(),
    ),
    one(
      'permissive-enforce',
      'An override enforces revocation.',
      { level: 'permissive', override: { revocation: 'enforce' } },
      listed,
      no,
    ),
  ];
}

export const cases = () => {
  return [
    ...crls(),
    ...places(),
    ...intermediates(),
    ...deltas(),
    ...answers(),
    ...delegates(),
    ...bothKinds(),
    ...levels(),
  ];
};
