// The protected headers: which must be there, which must not, and what they say.

import { ociCase, policy, refused, repository, stores, trusted } from '../lib/case.mjs';
import { array, bstr, double, int, nil, single, tag, text } from '../lib/cbor.mjs';
import { later, ours } from '../lib/envelope.mjs';
import { rfc, sections } from '../lib/sections.mjs';

const scheme = ours('signingScheme');
const authority = { scheme: 'notary.x509.signingAuthority' };
const authorityParts = {
  stores: stores.signingAuthority,
  policy: policy({ trustStores: ['signingAuthority:kit'], registryScopes: [repository] }),
};
const drop = (name) => (header) => Object.fromEntries(Object.entries(header).filter(([key]) => key !== name));
const with_ = (name, value) => (header) => ({ ...header, [name]: value });

const row = (format, id, spec, why, change, { says, signature = {}, ...more } = {}) =>
  ociCase({
    id: `${format}-${id}`,
    spec,
    why,
    signature: { format, change, says, ...signature },
    expected: refused('integrity'),
    tags: [format, 'header'],
    ...(says?.scheme === undefined ? {} : authorityParts),
    ...more,
  });
const inJws = (id, spec, why, change, more) => row('jws', id, spec, why, { protected: change }, more);
const inCose = (id, spec, why, change, more) => row('cose', id, spec, why, { protected: change }, more);

const P = sections.jwsProtected;
const C = sections.coseProtected;
const crit = rfc(7515, '4.1.11');
const coseCrit = rfc(9052, '3.1');

function jwsCrit() {
  const list = (value) => with_('crit', value);
  return [
    inJws('crit-missing', P, 'crit is required.', drop('crit')),
    inJws('crit-empty', crit, 'crit must not be empty.', list([])),
    inJws('crit-text', P, 'crit is an array, not a string.', list(scheme)),
    inJws('crit-object', P, 'crit is an array, not an object.', list({ [scheme]: true })),
    inJws('crit-null', P, 'crit is an array, not null.', list(null)),
    inJws('crit-numbers', P, 'crit is an array of strings.', list([scheme, 1])),
    inJws('crit-without-scheme', P, 'crit must list the signing scheme.', list([ours('expiry')]), {
      says: { expiry: later },
    }),
    inJws('crit-without-expiry', P, 'An expiry is critical when it is there.', list([scheme]), {
      says: { expiry: later },
    }),
    inJws('crit-without-authentic-time', P, 'An authentic signing time is critical.', list([scheme]), {
      says: authority,
    }),
    inJws('crit-lists-alg', P, 'crit never lists a registered header.', list([scheme, 'alg'])),
    inJws('crit-lists-cty', P, 'crit never lists a registered header.', list([scheme, 'cty'])),
    inJws('crit-lists-crit', P, 'crit never lists a registered header.', list([scheme, 'crit'])),
    inJws('crit-lists-absent', crit, 'crit lists a header that is not there.', list([scheme, 'com.example.absent']), {
      requirement: 'SHOULD',
    }),
    inJws('crit-twice', crit, 'crit lists no name twice.', list([scheme, scheme]), { requirement: 'SHOULD' }),
    inJws(
      'crit-upper-case',
      P,
      'Names are compared exactly: another case is another name.',
      list([scheme.toUpperCase()]),
    ),
    inJws('crit-unprotected', crit, 'crit is protected: the unprotected header cannot hold it.', drop('crit'), {
      signature: { format: 'jws', change: { protected: drop('crit'), header: with_('crit', [scheme]) } },
    }),
    inJws('b64-false', rfc(7797, '6'), 'b64 changes what is signed, and this format does not know it.', (h) => ({
      ...h,
      b64: false,
      crit: [...h.crit, 'b64'],
    })),
  ];
}

function coseCrits() {
  const list =
    (...items) =>
    (e) => ({ ...e, crit: [int(2), array(...items)] });
  const own = text(scheme);
  return [
    inCose('crit-missing', C, 'crit is required.', drop('crit')),
    inCose('crit-empty', coseCrit, 'crit must not be empty.', list()),
    inCose('crit-text', C, 'crit is an array, not a text.', with_('crit', [int(2), own])),
    inCose('crit-bytes', C, 'crit lists integers and texts, not byte strings.', list(own, bstr(Buffer.from('x')))),
    inCose('crit-without-scheme', C, 'crit must list the signing scheme.', list(text(ours('expiry'))), {
      says: { expiry: later },
    }),
    inCose('crit-without-expiry', C, 'An expiry is critical when it is there.', list(own), { says: { expiry: later } }),
    inCose('crit-without-authentic-time', C, 'An authentic signing time is critical.', list(own), { says: authority }),
    inCose('crit-lists-alg', C, 'crit never lists a label from 0 to 8.', list(own, int(1))),
    inCose('crit-lists-crit', C, 'crit never lists a label from 0 to 8.', list(own, int(2))),
    inCose('crit-lists-content-type', C, 'crit never lists a label from 0 to 8.', list(own, int(3))),
    inCose(
      'crit-lists-absent',
      coseCrit,
      'crit lists a label that is not there.',
      list(own, text('com.example.absent')),
      { requirement: 'SHOULD' },
    ),
    inCose('crit-lists-absent-number', coseCrit, 'crit lists a label that is not there.', list(own, int(99)), {
      requirement: 'SHOULD',
    }),
    inCose('crit-twice', C, 'crit lists no label twice.', list(own, own), { requirement: 'SHOULD' }),
    inCose('crit-unprotected', coseCrit, 'crit must be in the protected header.', drop('crit'), {
      signature: {
        format: 'cose',
        change: { protected: drop('crit'), unprotected: with_('crit', [int(2), array(own)]) },
      },
    }),
  ];
}

function contentTypes() {
  const values = [
    ['json', 'application/json'],
    ['upper-case', 'application/vnd.cncf.notary.PAYLOAD.v1+json'],
    ['version-2', 'application/vnd.cncf.notary.payload.v2+json'],
    ['short', 'vnd.cncf.notary.payload.v1+json'],
    ['empty', ''],
  ];
  return [
    inJws('cty-missing', P, 'The content type is required.', drop('cty')),
    inCose('cty-missing', C, 'The content type is required.', drop('cty')),
    inCose('cty-number', C, 'The content type is a text, not a number of CoAP.', with_('cty', [int(3), int(50)])),
    inJws('cty-number', P, 'The content type is a string.', with_('cty', 50)),
    ...values.flatMap(([name, value]) => [
      inJws(`cty-${name}`, P, `The content type ${JSON.stringify(value)} is not the payload's.`, with_('cty', value)),
      inCose(
        `cty-${name}`,
        C,
        `The content type ${JSON.stringify(value)} is not the payload's.`,
        with_('cty', [int(3), text(value)]),
      ),
    ]),
  ];
}

function schemes() {
  const values = ['notary.x509.other', 'notary.default.x509', 'NOTARY.X509', 'notary.x509 ', ''];
  const names = ['unknown', 'old-name', 'upper-case', 'blank', 'empty'];
  return [
    inJws('scheme-missing', P, 'The signing scheme is required.', (h) =>
      drop(scheme)({ ...h, crit: [ours('signingTime')] }),
    ),
    inJws('scheme-number', P, 'The signing scheme is a string.', with_(scheme, 1)),
    inJws('scheme-null', P, 'The signing scheme is a string.', with_(scheme, null)),
    inCose('scheme-missing', C, 'The signing scheme is required.', (e) =>
      drop('signingScheme')({ ...e, crit: [int(2), array(text(ours('signingTime')))] }),
    ),
    inCose('scheme-number', C, 'The signing scheme is a text.', with_('signingScheme', [text(scheme), int(1)])),
    inCose(
      'scheme-bytes',
      C,
      'The signing scheme is a text, not bytes.',
      with_('signingScheme', [text(scheme), bstr(Buffer.from('notary.x509'))]),
    ),
    inJws(
      'scheme-almost-authority',
      sections.standardAttributes,
      'The scheme is unknown, although everything else is as signing authorities have it.',
      with_(scheme, 'notary.x509.signingAuthority.v2'),
      { says: authority },
    ),
    inCose(
      'scheme-almost-authority',
      sections.standardAttributes,
      'The scheme is unknown, although everything else is as signing authorities have it.',
      with_('signingScheme', [text(scheme), text('notary.x509.signingAuthority.v2')]),
      { says: authority },
    ),
    ...values.flatMap((value, i) => [
      inJws(
        `scheme-${names[i]}`,
        sections.standardAttributes,
        `${JSON.stringify(value)} is not a signing scheme.`,
        with_(scheme, value),
      ),
      inCose(
        `scheme-${names[i]}`,
        sections.standardAttributes,
        `${JSON.stringify(value)} is not a signing scheme.`,
        with_('signingScheme', [text(scheme), text(value)]),
      ),
    ]),
  ];
}

function jwsTimes() {
  const time = (value) => with_(ours('signingTime'), value);
  const wrong = [
    ['number', 1748736000, 'a number'],
    ['date', '2025-06-01', 'a date without time'],
    ['no-zone', '2025-06-01T00:00:00', 'without zone'],
    ['month-13', '2025-13-01T00:00:00Z', 'in month 13'],
    ['february-30', '2025-02-30T00:00:00Z', 'on February 30'],
    ['hour-25', '2025-06-01T25:00:00Z', 'at hour 25'],
    ['zone-25', '2025-06-01T00:00:00+25:00', 'with an offset of 25 hours'],
    ['words', 'Sun, 01 Jun 2025 00:00:00 GMT', 'in the form of HTTP'],
    ['empty', '', 'empty'],
    ['list', ['2025-06-01T00:00:00Z'], 'a list'],
  ];
  const good = [
    ['offset', '2025-06-01T08:00:00+08:00', 'An offset is a form of RFC 3339.'],
    ['fraction', '2025-06-01T00:00:00.5Z', 'Fractions should not be written, but they are of the form.'],
    ['far-past', '1970-01-01T00:00:01Z', 'The signing time is a claim that decides nothing.'],
    ['far-future', '2200-01-01T00:00:00Z', 'The signing time is a claim that decides nothing.'],
  ];
  return [
    inJws('signing-time-missing', P, 'notary.x509 requires a signing time.', drop(ours('signingTime'))),
    ...wrong.map(([name, value, what]) =>
      inJws(`signing-time-${name}`, P, `The signing time is ${what}; RFC 3339 is required.`, time(value)),
    ),
    ...good.map(([name, value, why]) => inJws(`signing-time-${name}`, P, why, time(value), { expected: trusted() })),
    inJws('expiry-not-a-time', P, 'The expiry is not a time.', with_(ours('expiry'), 'tomorrow'), {
      says: { expiry: later },
    }),
    inJws('expiry-number', P, 'The expiry is a number, but RFC 3339 is required.', with_(ours('expiry'), 4147718400), {
      says: { expiry: later },
    }),
    inJws(
      'authentic-time-number',
      P,
      'The authentic signing time is a number.',
      with_(ours('authenticSigningTime'), 1748736000),
      { says: authority },
    ),
  ];
}

function coseTimes() {
  const name = text(ours('signingTime'));
  const time = (item) => with_('signingTime', [name, item]);
  const wrong = [
    ['untagged', int(1748736000), 'an integer without its tag'],
    ['text', tag(0, text('2025-06-01T00:00:00Z')), 'a text under tag 0'],
    ['bare-text', text('2025-06-01T00:00:00Z'), 'a bare text'],
    ['bytes', tag(1, bstr(Buffer.of(1))), 'bytes under tag 1'],
    ['bignum', tag(1, tag(2, bstr(Buffer.of(0x68, 0x3b, 0x9a, 0x00)))), 'a bignum under tag 1'],
    ['nan', tag(1, double(Number.NaN)), 'not a number'],
    ['infinite', tag(1, double(Number.POSITIVE_INFINITY)), 'infinite'],
    ['null', nil, 'null'],
    ['list', tag(1, array(int(1748736000))), 'a list under tag 1'],
  ];
  return [
    inCose('signing-time-missing', C, 'notary.x509 requires a signing time.', drop('signingTime')),
    ...wrong.map(([id, item, what]) =>
      inCose(
        `signing-time-${id}`,
        C,
        `The signing time is ${what}; an epoch-based date under tag 1 is required.`,
        time(item),
      ),
    ),
    inCose(
      'expiry-untagged',
      C,
      'The expiry is an integer without its tag.',
      with_('expiry', [text(ours('expiry')), int(4147718400)]),
      { says: { expiry: later } },
    ),
    inCose('expiry-text', C, 'The expiry is a text.', with_('expiry', [text(ours('expiry')), text(later)]), {
      says: { expiry: later },
    }),
    inCose(
      'authentic-time-untagged',
      C,
      'The authentic signing time is an integer without its tag.',
      with_('authenticSigningTime', [text(ours('authenticSigningTime')), int(1748736000)]),
      { says: authority },
    ),
    inCose(
      'alg-float',
      C,
      'The algorithm is an integer, not a float of the same value.',
      with_('alg', [int(1), double(-7)]),
    ),
    inCose('alg-half', C, 'The algorithm is an integer, not a float of the same value.', (e) => ({
      ...e,
      alg: [int(1), Buffer.of(0xf9, 0xc7, 0x00)],
    })),
    ...[
      ['whole', 1748736000],
      ['fraction', 1748736000.5],
    ].map(([name, value]) =>
      inCose(
        `signing-time-float-${name}`,
        rfc(8949, '3.4.2'),
        'An epoch-based date may be a float; fractions should not be written.',
        time(tag(1, double(value))),
        { requirement: 'SHOULD', expected: trusted() },
      ),
    ),
    inCose(
      'alg-single',
      C,
      'The algorithm is an integer, not a float of the same value.',
      with_('alg', [int(1), single(-7)]),
    ),
    inCose(
      'label-float',
      rfc(9052, '1.5'),
      'A label is an integer or a text, not a float of the same value.',
      with_('alg', [double(1), int(-7)]),
    ),
  ];
}

/** Attributes of one scheme under the other. */
function foreignTimes() {
  const authentic = ours('authenticSigningTime');
  const when = tag(1, int(1748736000));
  const S = sections.standardAttributes;
  return [
    inJws(
      'x509-with-authentic-time',
      S,
      'An authentic signing time is only valid under the scheme of signing authorities.',
      (h) => ({ ...h, [authentic]: '2025-06-01T00:00:00Z', crit: [...h.crit, authentic] }),
    ),
    inCose(
      'x509-with-authentic-time',
      S,
      'An authentic signing time is only valid under the scheme of signing authorities.',
      (e) => ({ ...e, authentic: [text(authentic), when], crit: [int(2), array(text(scheme), text(authentic))] }),
    ),
    inJws(
      'authority-with-signing-time',
      S,
      'A signing time is only valid under notary.x509.',
      with_(ours('signingTime'), '2025-06-01T00:00:00Z'),
      { says: authority },
    ),
    inCose(
      'authority-with-signing-time',
      S,
      'A signing time is only valid under notary.x509.',
      with_('signingTime', [text(ours('signingTime')), when]),
      { says: authority },
    ),
    inJws(
      'authority-without-time',
      S,
      'The scheme of signing authorities requires an authentic signing time.',
      (h) => drop(authentic)({ ...h, crit: [scheme] }),
      { says: authority, expected: refused('integrity', 'authenticTimestamp') },
    ),
    inCose(
      'authority-without-time',
      S,
      'The scheme of signing authorities requires an authentic signing time.',
      (e) => drop('authenticSigningTime')({ ...e, crit: [int(2), array(text(scheme))] }),
      { says: authority, expected: refused('integrity', 'authenticTimestamp') },
    ),
    inJws('signing-time-critical', sections.signedAttributes, 'What only informs must not be critical.', (h) => ({
      ...h,
      crit: [scheme, ours('signingTime')],
    })),
    inCose('signing-time-critical', sections.signedAttributes, 'What only informs must not be critical.', (e) => ({
      ...e,
      crit: [int(2), array(text(scheme), text(ours('signingTime')))],
    })),
  ];
}

/** RFC 9052 lets a reader look away, if it takes the protected one alone. */
const inBoth = (name, entry, says) =>
  row(
    'cose',
    `${name}-in-both-headers`,
    rfc(9052, '3'),
    'A label must not occur in both headers.',
    { unprotected: with_('twin', entry) },
    { says, requirement: 'SHOULD' },
  );

/** Registered labels of other types than theirs (RFC 9052, 3.1). */
function registered() {
  const rule = rfc(9052, '3.1');
  const one = (id, why, more) =>
    row('cose', id, rule, why, { unprotected: (e) => ({ ...e, ...more }) }, { requirement: 'SHOULD' });
  return [
    one('kid-integer', 'A key identifier is a byte string.', { kid: [int(4), int(1)] }),
    one('iv-text', 'An initialization vector is a byte string.', { iv: [int(5), text('x')] }),
    one('both-vectors', 'Full and partial initialization vector exclude each other.', {
      iv: [int(5), bstr(Buffer.of(1))],
      partial: [int(6), bstr(Buffer.of(1))],
    }),
    row(
      'cose',
      'kid',
      rule,
      'A key identifier does no harm.',
      {
        unprotected: with_('kid', [int(4), bstr(Buffer.of(1))]),
      },
      { expected: trusted() },
    ),
  ];
}

/** What is in the unprotected header but belongs into the protected one. */
function moved() {
  const U = sections.jwsUnprotected;
  const jws = [
    ['scheme', scheme, 'notary.x509'],
    ['expiry', ours('expiry'), later],
    ['cty', 'cty', 'application/vnd.cncf.notary.payload.v1+json'],
  ].map(([name, key, value]) =>
    row(
      'jws',
      `moved-${name}`,
      U,
      `${key} counts in the protected header alone; here it is only in the unprotected one.`,
      {
        protected: (h) => ({
          ...drop(key)(h),
          crit: key === scheme ? [ours('signingTime')] : h.crit.filter((one) => one !== key),
        }),
        header: with_(key, value),
      },
      {
        expected: refused('integrity'),
        says: name === 'expiry' ? { expiry: later } : undefined,
        requirement: name === 'expiry' ? 'SHOULD' : 'MUST',
      },
    ),
  );
  return [
    ...jws,
    row('jws', 'alg-in-both-headers', rfc(7515, '4'), 'A name must not occur in both headers.', {
      header: with_('alg', 'ES256'),
    }),
    row('jws', 'scheme-in-both-headers', rfc(7515, '4'), 'A name must not occur in both headers.', {
      header: with_(scheme, 'notary.x509'),
    }),
    inBoth('alg', [int(1), int(-7)]),
    inBoth('scheme', [text(scheme), text('notary.x509')]),
    inBoth('attribute', [text('com.example.note'), text('y')], {
      extended: { 'com.example.note': { value: 'x', critical: false } },
    }),
  ];
}

/** Extended attributes: critical ones must be understood, others are passed over. */
function extended() {
  const E = sections.extendedAttributes;
  return ['jws', 'cose'].flatMap((format) => {
    const one = (id, why, says, more = {}) =>
      ociCase({
        id: `${format}-${id}`,
        spec: E,
        why,
        signature: { format, says },
        tags: [format, 'extended-attributes'],
        ...more,
      });
    const attribute = (critical) => ({ extended: { 'com.example.note': { value: 'x', critical } } });
    return [
      one('extended-not-critical', 'An attribute that is not critical may be passed over.', attribute(false), {
        expected: trusted(),
      }),
      one('extended-critical', 'An unknown critical attribute must fail the verification.', attribute(true), {
        expected: refused('extended', 'integrity'),
      }),
      one(
        'extended-critical-audit',
        'An unknown critical attribute must fail the verification, at level audit too.',
        attribute(true),
        { expected: refused('extended', 'integrity'), policy: policy({ level: 'audit' }) },
      ),
      one(
        'signing-agent',
        'The signing agent is a text that nobody validates.',
        { agent: 'no form at all; "quoted"\u0001' },
        { spec: sections.unsignedAttributes, expected: trusted() },
      ),
      one(
        'expiry-critical',
        'An expiry of a later year is in order.',
        { expiry: later },
        { spec: sections.expiry, expected: trusted() },
      ),
      one(
        'expiry-at-signing',
        'An artifact that has expired when it is signed is never valid.',
        { at: later, expiry: later },
        { spec: sections.expiry, expected: refused('integrity'), requirement: 'SHOULD' },
      ),
      one(
        'expiry-before-signing',
        'An expiry before the signing time cannot be.',
        { at: later, expiry: '2101-05-01T00:00:00Z' },
        { spec: sections.expiry, expected: refused('integrity'), requirement: 'SHOULD' },
      ),
      one(
        'two-extended',
        'Several attributes that are not critical may be passed over.',
        {
          extended: {
            'com.example.a': { value: 'x', critical: false },
            'com.example.b': { value: 'y', critical: false },
          },
        },
        { expected: trusted() },
      ),
    ];
  });
}

export const cases = () => [
  ...jwsCrit(),
  ...coseCrits(),
  ...contentTypes(),
  ...schemes(),
  ...jwsTimes(),
  ...coseTimes(),
  ...foreignTimes(),
  ...moved(),
  ...registered(),
  ...extended(),
];
