// Bytes that are almost an envelope: two readers that disagree about them would see two signatures.

import { leaf } from '../lib/authorities.mjs';
import { base64, base64url, bytes } from '../lib/bytes.mjs';
import { ociCase, payloadOf, refused, subject, trusted } from '../lib/case.mjs';
import { array, bstr, endless, head, int, map, nil, tag, text, undef } from '../lib/cbor.mjs';
import { ours } from '../lib/envelope.mjs';
import { omitting } from '../lib/omit.mjs';
import { rfc, sections } from '../lib/sections.mjs';

const row = (format, id, spec, why, change, { signature = {}, ...more } = {}) =>
  ociCase({
    id: `${format}-${id}`,
    spec,
    why,
    signature: { format, change, ...signature },
    expected: refused('integrity'),
    tags: [format, 'encoding'],
    ...more,
  });
const jws = (id, spec, why, change, more) => row('jws', id, spec, why, change, more);
const cose = (id, spec, why, change, more) => row('cose', id, spec, why, change, more);
const B = sections.jwsSigningInput;

/** Another last character of the same bytes: base64 with unused bits that are not zero. */
function spareBits(text) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) + 1];
}

/** The payload, one byte longer or shorter until its base64 has `rest` characters over a multiple of four. */
function padded(rest) {
  for (let blanks = 0; ; blanks++) {
    const text = payloadOf(subject.descriptor).replace('{', `{${' '.repeat(blanks)}`);
    if (base64url(text).length % 4 === rest) return text;
  }
}

function base64Forms() {
  const forms = [
    ['padding', 'Padding is left out in base64url.', (text) => `${text}${'='.repeat((4 - (text.length % 4)) % 4)}`],
    ['blank', 'A blank is not a base64url character.', (text) => `${text.slice(0, 8)} ${text.slice(8)}`],
    ['line-break', 'A line break is not a base64url character.', (text) => `${text.slice(0, 8)}\n${text.slice(8)}`],
    [
      'other-alphabet',
      'The characters + and / are of another alphabet.',
      (text) => `${text.slice(0, 8)}+/${text.slice(10)}`,
    ],
    ['spare-bits', 'The unused bits of the last character must be zero.', spareBits],
    [
      'one-character-more',
      'No bytes encode to four times n plus one characters.',
      (text) => `${text}${'A'.repeat((5 - (text.length % 4)) % 4 || 4)}`,
    ],
  ];
  const rows = [];
  for (const [name, why, change] of forms) {
    const payload = padded(2);
    // RFC 4648, 3.5, leaves unused bits to the reader.
    const more = name === 'spare-bits' ? { requirement: 'SHOULD' } : {};
    // What is signed is the text as it is in the envelope: but for its form the signature would hold.
    rows.push(
      jws(
        `payload-${name}`,
        B,
        `Payload: ${why}`,
        { payloadText: (p) => change(base64url(p)) },
        { ...more, signature: { payload } },
      ),
      jws(`protected-${name}`, B, `Protected header: ${why}`, { protectedText: (h) => change(longEnough(h)) }, more),
      jws(
        `signature-${name}`,
        B,
        `Signature: ${why}`,
        { members: (m) => ({ ...m, signature: change(m.signature) }) },
        more,
      ),
    );
  }
  return rows;
}

/** A protected header whose base64 leaves two characters over, so that it has padding and spare bits. */
function longEnough(header) {
  for (let blanks = 0; ; blanks++) {
    const text = base64url(`${JSON.stringify(header)}${' '.repeat(blanks)}`);
    if (text.length % 4 === 2) return text;
  }
}

function chains() {
  const x5c = (change) => ({ header: (h) => ({ ...h, x5c: change(h.x5c) }) });
  const U = sections.jwsUnprotected;
  return [
    jws('x5c-missing', U, 'The certificate chain is required.', { header: omitting('x5c') }),
    jws(
      'x5c-empty',
      U,
      'The certificate chain is required.',
      x5c(() => []),
    ),
    jws(
      'x5c-text',
      U,
      'The certificate chain is an array.',
      x5c(([first]) => first),
    ),
    jws(
      'x5c-null',
      U,
      'The certificate chain is an array.',
      x5c(() => null),
    ),
    jws(
      'x5c-numbers',
      U,
      'The certificate chain holds strings.',
      x5c((list) => [...list, 1]),
    ),
    jws(
      'x5c-empty-string',
      U,
      'Each string is a certificate.',
      x5c((list) => [...list, '']),
    ),
    jws(
      'x5c-base64url',
      rfc(7515, '4.1.6'),
      'Certificates are base64, not base64url.',
      x5c((list) => list.map((one) => one.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''))),
    ),
    jws(
      'x5c-pem',
      rfc(7515, '4.1.6'),
      'Certificates are base64 of DER, not PEM.',
      x5c((list) => list.map((one) => `-----BEGIN CERTIFICATE-----\n${one}\n-----END CERTIFICATE-----\n`)),
    ),
    jws(
      'x5c-line-breaks',
      rfc(7515, '4.1.6'),
      'Base64 without line breaks is required.',
      x5c((list) => list.map((one) => one.replaceAll(/(.{64})/g, '$1\n'))),
    ),
    jws(
      'x5c-not-a-certificate',
      U,
      'Each string is a certificate.',
      x5c((list) => [...list.slice(0, -1), base64('not a certificate')]),
    ),
    jws('x5c-upper-case', U, 'Names are compared exactly: X5C is not x5c.', {
      header: ({ x5c, ...h }) => ({ ...h, X5C: x5c }),
    }),
    jws('x5c-protected', U, 'The chain belongs into the unprotected header.', {
      protected: (h) => ({ ...h, x5c: leaf.chain.map(base64) }),
      header: () => ({}),
    }),
    cose(
      'x5chain-protected',
      sections.coseUnprotected,
      'The chain may be in the protected header.',
      {
        protected: (e) => ({ ...e, x5chain: [int(33), array(...leaf.chain.map(bstr))] }),
        unprotected: () => ({}),
      },
      { expected: trusted(), requirement: 'SHOULD' },
    ),
    cose('x5chain-missing', sections.coseUnprotected, 'The certificate chain is required.', {
      unprotected: omitting('x5chain'),
    }),
    cose('x5chain-empty', sections.coseUnprotected, 'The certificate chain is required.', {
      unprotected: (e) => ({ ...e, x5chain: [int(33), array()] }),
    }),
    cose('x5chain-texts', sections.coseUnprotected, 'The chain holds byte strings, not texts.', {
      unprotected: (e) => ({ ...e, x5chain: [int(33), array(...leaf.chain.map((der) => text(base64(der))))] }),
    }),
    cose('x5chain-map', sections.coseUnprotected, 'The chain is an array.', {
      unprotected: (e) => ({ ...e, x5chain: [int(33), map()] }),
    }),
    cose(
      'x5chain-one-string',
      sections.coseUnprotected,
      'A chain of several certificates is an array, not one string of all bytes.',
      { unprotected: (e) => ({ ...e, x5chain: [int(33), bstr(bytes(...leaf.chain))] }) },
    ),
    cose('x5chain-text-label', sections.coseUnprotected, 'The label of the chain is 33, not its name.', {
      unprotected: (e) => ({ ...e, x5chain: [text('x5chain'), e.x5chain[1]] }),
    }),
    cose('x5chain-trailing-bytes', sections.coseUnprotected, 'Each certificate is DER, and nothing after it.', {
      unprotected: (e) => ({ ...e, x5chain: [int(33), array(...leaf.chain.map((der) => bstr(bytes(der, [0]))))] }),
    }),
  ];
}

function members() {
  const S = sections.jwsEnvelope;
  const json = rfc(8259, '2');
  const document = (id, why, change, more) => jws(id, more?.spec ?? json, why, { document: change }, more);
  const names = ['payload', 'protected', 'header', 'signature'];
  return [
    ...names.map((name) => jws(`without-${name}`, S, `${name} is required.`, { members: omitting(name) })),
    ...names.map((name) =>
      jws(`${name}-number`, S, `${name} has another type.`, { members: (m) => ({ ...m, [name]: 1 }) }),
    ),
    ...names.map((name) => jws(`${name}-null`, S, `${name} is null.`, { members: (m) => ({ ...m, [name]: null }) })),
    ...names.map((name) =>
      jws(`${name}-upper-case`, S, 'Names are compared exactly.', {
        members: ({ [name]: value, ...m }) => ({ ...m, [name.toUpperCase()]: value }),
      }),
    ),
    jws('more-members', S, 'No other members are supported.', { members: (m) => ({ ...m, extra: 1 }) }),
    jws('general-form', S, 'The general form, of several signatures, is not supported.', {
      members: ({ payload, ...m }) => ({ payload, signatures: [m] }),
    }),
    jws('both-forms', rfc(7515, '7.2.2'), 'The flattened form has no member "signatures".', {
      members: (m) => ({ ...m, signatures: [{ protected: m.protected, header: m.header, signature: m.signature }] }),
    }),
    jws('compact-form', S, 'The compact form is not supported.', {
      members: (m) => `${m.protected}.${m.payload}.${m.signature}`,
    }),
    jws('compact-form-string', S, 'The compact form is not supported, not even as a JSON string.', {
      members: (m) => JSON.stringify(`${m.protected}.${m.payload}.${m.signature}`),
    }),
    jws('payload-detached', S, 'The payload is part of the envelope.', { members: (m) => ({ ...m, payload: '' }) }),
    jws('signature-empty', S, 'The signature is not empty.', { members: (m) => ({ ...m, signature: '' }) }),
    jws('list', S, 'An envelope is an object, not a list of one.', { members: (m) => [m] }),
    jws('null', S, 'An envelope is an object.', { members: () => 'null' }),
    jws('empty', S, 'An envelope is not empty.', { document: () => '' }),
    document('two-documents', 'There must be one document and nothing after it.', (d) => `${d}${d}`),
    document('trailing-bytes', 'There must be one document and nothing after it.', (d) => `${d}x`),
    document('trailing-nul', 'There must be one document and nothing after it, not even a NUL.', (d) => `${d}\0`),
    document('cut', 'The document is truncated.', (d) => d.slice(0, -3)),
    document('byte-order-mark', 'JSON begins with no byte order mark.', (d) => `\ufeff${d}`, {
      spec: rfc(8259, '8.1'),
      requirement: 'SHOULD',
    }),
    document('comment', 'JSON has no comments.', (d) => d.replace('{', '{/* a comment */')),
    document('trailing-comma', 'JSON has no comma before a brace.', (d) => d.replace(/\}$/, ',}')),
    document('single-quotes', 'JSON strings have double quotes.', (d) => d.replaceAll('"', "'")),
    document('utf-16', 'JSON is UTF-8.', (d) => Buffer.from(d, 'utf16le'), { spec: rfc(8259, '8.1') }),
    document(
      'invalid-utf-8',
      'JSON is UTF-8.',
      (d) => Buffer.concat([Buffer.from(d.slice(0, -1)), Buffer.from(',"x":"'), Buffer.of(0xff), Buffer.from('"}')]),
      { spec: rfc(8259, '8.1') },
    ),
    document(
      'deep',
      'No other members are supported; this one nests 1,000 arrays.',
      (d) => d.replace(/\}$/, `,"x":${'['.repeat(1000)}${']'.repeat(1000)}}`),
      { spec: sections.jwsEnvelope },
    ),
  ];
}

/** A member that appears twice: readers differ in which one counts. */
function doubled() {
  const json = rfc(8259, '4');
  const last = (name, value) => ({ document: (d) => d.replace(/\}$/, `,"${name}":${JSON.stringify(value)}}`) });
  const header = (member) => ({ protected: (h) => JSON.stringify(h).replace(/\}$/, `,${member}}`) });
  return [
    jws(
      'payload-twice',
      json,
      'The last of two payloads is another one.',
      last('payload', base64url(payloadOf({ ...subject.descriptor, size: 1 }))),
      { requirement: 'SHOULD' },
    ),
    jws(
      'protected-twice',
      json,
      'The last of two protected headers is another one.',
      last('protected', base64url('{}')),
      { requirement: 'SHOULD' },
    ),
    jws(
      'signature-twice',
      json,
      'The last of two signatures does not hold.',
      last('signature', base64url(Buffer.alloc(64))),
      { requirement: 'SHOULD' },
    ),
    jws('header-twice', json, 'The last of two unprotected headers has no chain.', last('header', {}), {
      requirement: 'SHOULD',
    }),
    jws(
      'payload-twice-equal',
      json,
      'Names should be unique: both payloads are equal here.',
      { document: (d) => d.replace('{', `{${/"payload":"[^"]*"/.exec(d)[0]},`) },
      { requirement: 'SHOULD' },
    ),
    jws('alg-twice', rfc(7515, '4'), "The last of two algorithms is not the key's.", header('"alg":"PS256"')),
    jws('crit-twice-in-header', rfc(7515, '4'), 'The last of two lists is empty.', header('"crit":[]')),
    jws(
      'scheme-twice',
      rfc(7515, '4'),
      'The last of two schemes is unknown.',
      header(`"${ours('signingScheme')}":"other"`),
    ),
    jws(
      'alg-twice-equal',
      rfc(7515, '4'),
      'Header names must be unique: both are equal here.',
      header('"alg":"ES256"'),
      { requirement: 'SHOULD' },
    ),
    jws(
      'alg-twice-first-wrong',
      rfc(7515, '4'),
      "Header names must be unique: the first of two algorithms is not the key's.",
      { protected: (h) => JSON.stringify(h).replace('{', '{"alg":"PS256",') },
      { requirement: 'SHOULD' },
    ),
    jws(
      'alg-escaped-twice',
      rfc(7515, '4'),
      "An escaped name is the same name: the last of two algorithms is not the key's.",
      header('"\\u0061lg":"PS256"'),
    ),
    jws('alg-upper-case', rfc(7515, '4'), 'Names are compared exactly: ALG is not alg.', {
      protected: ({ alg, ...h }) => ({ ALG: alg, ...h }),
    }),
    jws(
      'protected-lone-surrogate',
      rfc(8259, '8.2'),
      'Half a surrogate pair is not a character: readers differ in what it becomes.',
      header('"com.example.note":"\\ud800"'),
      { requirement: 'SHOULD' },
    ),
    jws('protected-not-json', sections.jwsProtected, 'The protected header is a JSON object.', {
      protected: () => 'not json',
    }),
    jws('protected-list', sections.jwsProtected, 'The protected header is a JSON object.', {
      protected: (h) => JSON.stringify([h]),
    }),
    jws('protected-empty', sections.jwsProtected, 'The protected header is a JSON object.', { protected: () => '{}' }),
    jws('protected-trailing', rfc(8259, '2'), 'There must be one document and nothing after it.', {
      protected: (h) => `${JSON.stringify(h)}{}`,
    }),
    jws(
      'protected-blanks',
      rfc(8259, '2'),
      'Blanks between members change nothing: what is signed is the text.',
      { protected: (h) => JSON.stringify(h, null, 2) },
      { expected: trusted() },
    ),
    jws(
      'protected-escaped',
      rfc(8259, '7'),
      'An escaped character is that character.',
      { protected: (h) => JSON.stringify(h).replace('"ES256"', '"\\u0045S256"') },
      { expected: trusted() },
    ),
    jws('prototype', rfc(8259, '4'), 'A member called __proto__ is a member like others: alg is missing.', {
      protected: ({ alg, ...h }) => JSON.stringify(h).replace('{', `{"__proto__":{"alg":"${alg}"},`),
    }),
  ];
}

function messages() {
  const S = sections.coseEnvelope;
  const message = (id, why, change, more) => cose(id, more?.spec ?? S, why, { message: change }, more);
  const cborRule = rfc(8949, '3.1');
  return [
    message('untagged', 'Tag 18 is required.', (e) => array(...e)),
    message('tag-98', 'Tag 98 is COSE_Sign, another structure.', (e) => tag(98, array(...e))),
    message('tag-17', 'Tag 17 is COSE_Mac0, another structure.', (e) => tag(17, array(...e))),
    message('tag-twice', 'The tag must occur once.', (e) => tag(18, tag(18, array(...e)))),
    message('self-described', 'The format has no tag around tag 18.', (e) => tag(55799, tag(18, array(...e))), {
      requirement: 'SHOULD',
    }),
    message('three-elements', 'COSE_Sign1 has four elements.', (e) => tag(18, array(...e.slice(0, 3)))),
    message('five-elements', 'COSE_Sign1 has four elements.', (e) => tag(18, array(...e, nil))),
    message('no-elements', 'COSE_Sign1 has four elements.', () => tag(18, array())),
    message('map', 'COSE_Sign1 is an array.', (e) =>
      tag(18, map([int(0), e[0]], [int(1), e[1]], [int(2), e[2]], [int(3), e[3]])),
    ),
    message('protected-map', 'The protected header is a byte string around a map.', (e) =>
      tag(18, array(map([int(1), int(-7)]), ...e.slice(1))),
    ),
    message('protected-empty-string', 'The protected header holds required parameters.', (e) =>
      tag(18, array(bstr(Buffer.alloc(0)), ...e.slice(1))),
    ),
    message('unprotected-bytes', 'The unprotected header is a map.', (e) =>
      tag(18, array(e[0], bstr(e[1]), e[2], e[3])),
    ),
    message('unprotected-null', 'The unprotected header is a map.', (e) => tag(18, array(e[0], nil, e[2], e[3]))),
    message('signature-text', 'The signature is a byte string.', (e) =>
      tag(18, array(e[0], e[1], e[2], text('signature'))),
    ),
    message('signature-null', 'The signature is a byte string.', (e) => tag(18, array(e[0], e[1], e[2], nil))),
    message('signature-empty', 'The signature is not empty.', (e) =>
      tag(18, array(e[0], e[1], e[2], bstr(Buffer.alloc(0)))),
    ),
    message('payload-null', 'The payload is part of the envelope, not detached.', (e) =>
      tag(18, array(e[0], e[1], nil, e[3])),
    ),
    message('payload-undefined', 'The payload is a byte string.', (e) => tag(18, array(e[0], e[1], undef, e[3]))),
    message('payload-text', 'The payload is a byte string.', (e) =>
      tag(18, array(e[0], e[1], text(payloadOf(subject.descriptor)), e[3])),
    ),
    message('payload-empty', 'The payload is not empty.', (e) =>
      tag(18, array(e[0], e[1], bstr(Buffer.alloc(0)), e[3])),
    ),
    cose('trailing-bytes', S, 'There must be one item and nothing after it.', { document: (d) => bytes(d, [0]) }),
    cose('two-messages', S, 'There must be one item and nothing after it.', { document: (d) => bytes(d, d) }),
    cose('cut', cborRule, 'The item is truncated.', { document: (d) => d.subarray(0, -3) }),
    cose('empty', S, 'An envelope is not empty.', { document: () => '' }),
    message(
      'length-past-the-end',
      'The byte string is longer than the input.',
      (e) => tag(18, array(e[0], e[1], e[2], bytes(head(2, 1 << 20), e[3]))),
      { spec: cborRule },
    ),
    message(
      'array-of-2-to-32',
      'The array announces 2^32-1 items, which are not there.',
      (e) => tag(18, bytes(head(4, 0xffffffff, 4), ...e)),
      { spec: cborRule },
    ),
    message('endless-array', 'An array without its end is not well-formed.', (e) => tag(18, bytes([0x9f], ...e)), {
      spec: rfc(8949, '3.2'),
    }),
    message('reserved-head', 'Additional information 28 is reserved.', (e) => tag(18, bytes([0x9c], ...e)), {
      spec: rfc(8949, '3'),
    }),
    message(
      'break-alone',
      'A break outside of an indefinite length is not well-formed.',
      (e) => tag(18, array(e[0], e[1], e[2], Buffer.of(0xff))),
      { spec: rfc(8949, '3.2') },
    ),
    cose('nested-10000', S, 'Ten thousand nested arrays are not a COSE_Sign1.', {
      document: () => bytes([0xd2], Buffer.alloc(10000, 0x81), [0]),
    }),
  ];
}

/** Labels that appear twice, and forms of one value that two readers could take for two. */
function labels() {
  const rule = rfc(9052, '3');
  const twice = (entry) => ({ protected: (e) => map(...Object.values(e), entry) });
  const other = payloadOf({ ...subject.descriptor, size: 1 });
  return [
    cose('alg-twice', rule, 'A label must not occur twice.', twice([int(1), int(-7)])),
    cose(
      'alg-twice-wide',
      rule,
      'A label must not occur twice, not even in a longer encoding.',
      twice([int(1, 1), int(-7)]),
    ),
    cose(
      'crit-twice-in-header',
      rule,
      'A label must not occur twice.',
      twice([int(2), array(text(ours('signingScheme')))]),
    ),
    cose(
      'scheme-twice',
      rule,
      'A label must not occur twice.',
      twice([text(ours('signingScheme')), text('notary.x509')]),
    ),
    cose('x5chain-twice', rule, 'A label must not occur twice.', {
      unprotected: (e) => map(...Object.values(e), e.x5chain),
    }),
    cose('agent-twice', rule, 'A label must not occur twice.', {
      unprotected: (e) =>
        map(...Object.values(e), [text(ours('signingAgent')), text('a')], [text(ours('signingAgent')), text('b')]),
    }),
    cose('protected-trailing', rule, 'The byte string holds one map, and nothing after it.', {
      protected: (e) => bytes(map(...Object.values(e)), [0]),
    }),
    cose('protected-array', rule, 'The protected header is a map.', {
      protected: (e) => array(...Object.values(e).flat()),
    }),
    cose('protected-empty-map', rule, 'The protected header holds required parameters.', { protected: () => map() }),
    cose(
      'protected-endless',
      sections.coseSignature,
      'An indefinite length has many forms of one header.',
      { protected: (e) => endless(5, ...Object.values(e).flat()) },
      { requirement: 'SHOULD' },
    ),
    cose('label-bytes', rfc(9052, '1.5'), 'A label is an integer or a text.', twice([bstr(Buffer.from('x')), int(1)])),
    cose('label-null', rfc(9052, '1.5'), 'A label is an integer or a text.', twice([nil, int(1)])),
    cose(
      'invalid-utf-8',
      rfc(8949, '3.1'),
      'A text is UTF-8.',
      twice([text('com.example.x'), bytes(head(3, 2), [0xc3, 0x28])]),
    ),
    cose(
      'scheme-chunks',
      sections.coseSignature,
      'A text in pieces has many forms of one value.',
      {
        protected: (e) => ({
          ...e,
          signingScheme: [text(ours('signingScheme')), endless(3, text('notary'), text('.x509'))],
        }),
      },
      { requirement: 'SHOULD' },
    ),
    cose(
      'order-free',
      rfc(8949, '3.1'),
      'The order of a map says nothing: what is signed are the bytes.',
      { protected: (e) => map(...Object.values(e).reverse()) },
      { expected: trusted() },
    ),
    cose('other-context', sections.coseSignature, 'The context of what is signed is "Signature1".', {
      toBeSigned: (header, payload) => array(text('Signature'), bstr(header), bstr(Buffer.alloc(0)), bstr(payload)),
    }),
    cose('external-data', sections.coseSignature, 'The external data of what is signed are empty.', {
      toBeSigned: (header, payload) => array(text('Signature1'), bstr(header), bstr(Buffer.of(1)), bstr(payload)),
    }),
    cose('other-payload-signed', sections.coseSignature, 'What was signed is another payload.', {
      signedPayload: bytes(other),
    }),
    cose('header-not-signed', sections.coseSignature, 'The protected header is part of what is signed.', {
      toBeSigned: (_, payload) =>
        array(text('Signature1'), bstr(Buffer.alloc(0)), bstr(Buffer.alloc(0)), bstr(payload)),
    }),
  ];
}

/** The media type of the layer says which format it is; it is never guessed. */
function mediaTypes() {
  const one = (id, why, signature) =>
    ociCase({
      id,
      spec: sections.ociSignatures,
      why,
      signature,
      expected: refused('integrity', 'signature'),
      tags: ['encoding', 'oci'],
    });
  return [
    one('jws-called-cose', 'The layer is called COSE, but holds a JWS.', {
      format: 'jws',
      mediaType: 'application/cose',
    }),
    one('cose-called-jws', 'The layer is called JWS, but holds COSE.', {
      format: 'cose',
      mediaType: 'application/jose+json',
    }),
    one('jws-called-json', 'application/json is not a media type of a signature envelope.', {
      format: 'jws',
      mediaType: 'application/json',
    }),
    one('jws-called-octets', 'application/octet-stream is not a media type of a signature envelope.', {
      format: 'jws',
      mediaType: 'application/octet-stream',
    }),
    one('cose-called-cose-sign1', 'A media type with a parameter is another one.', {
      format: 'cose',
      mediaType: 'application/cose; cose-type="cose-sign1"',
    }),
  ];
}

export const cases = () => [
  ...base64Forms(),
  ...chains(),
  ...members(),
  ...doubled(),
  ...messages(),
  ...labels(),
  ...mediaTypes(),
];
