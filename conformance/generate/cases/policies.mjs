// Which policy applies, whom it trusts, and what its levels enforce.

import { ca, certificatePem, ended, leaf, root, stranger } from '../lib/authorities.mjs';
import { formatFor, ociCase, policy, refused, repository, skipped, stores, subject, trusted } from '../lib/case.mjs';
import { omitting } from '../lib/omit.mjs';
import { rfc, sections } from '../lib/sections.mjs';
import { issue, nameOf } from '../lib/x509.mjs';

const formats = ['jws', 'cose'];
const row = (id, spec, why, more) =>
  ociCase({
    id,
    spec,
    why,
    tags: ['policy'],
    ...more,
    signature: more.signature === null ? null : { format: formatFor(id), ...more.signature },
  });
const statement = (id, spec, why, change, expected, more = {}) =>
  row(`policy-${id}`, spec, why, { policy: policy(change), expected, ...more });
const reference = (name) => ({ reference: `${name}@${subject.descriptor.digest}` });
const invalid = refused('policy');

function scopes() {
  const S = sections.selectOci;
  const C = sections.ociConstraints;
  const distrust = { name: 'second', trustedIdentities: ['x509.subject:C=US,ST=WA,O=Somebody Else'] };
  const second = (change) => [{ ...policy().trustPolicies[0], ...distrust, ...change }];
  const two = (id, why, first, other, expected, more = {}) =>
    row(`scope-${id}`, S, why, { policy: policy(first, second(other)), expected, ...more });
  const scope = (id, why, registryScopes, expected, more = {}) =>
    statement(`scope-${id}`, C, why, { registryScopes }, expected, more);
  return [
    scope('global', 'The global scope applies to all artifacts.', ['*'], trusted()),
    scope('several', "One of several scopes is the artifact's.", ['registry.kit.example/other', repository], trusted()),
    scope('other-repository', 'No policy is of this repository.', ['registry.kit.example/other'], invalid, { spec: S }),
    scope('other-registry', 'No policy is of this registry.', ['other.kit.example/app'], invalid, { spec: S }),
    scope('prefix', 'A scope is the whole name, not its beginning.', ['registry.kit.example/ap'], invalid, { spec: S }),
    scope('longer', 'A scope is the whole name.', ['registry.kit.example/app/more'], invalid, { spec: S }),
    scope('registry-alone', 'A scope is a whole repository, not a registry.', ['registry.kit.example'], invalid),
    scope('asterisk-within', 'A scope has no asterisk but the global one.', ['registry.kit.example/*'], invalid),
    scope('asterisk-and-more', 'The global scope must be the only one.', ['*', repository], invalid),
    scope('empty', 'There is one scope at least.', [], invalid),
    scope('with-tag', 'A scope has no tag.', [`${repository}:v1`], invalid),
    scope('with-digest', 'A scope has no digest.', [`${repository}@${subject.descriptor.digest}`], invalid),
    scope('with-protocol', 'A scope has no protocol.', [`https://${repository}`], invalid),
    scope('upper-case-path', 'The path of a repository has no capitals.', ['registry.kit.example/App'], invalid),
    two(
      'exact-before-global',
      'The exact scope counts, not the global one.',
      { registryScopes: ['*'] },
      { registryScopes: [repository] },
      refused('authenticity'),
    ),
    two('global-after-exact', 'The exact scope counts, wherever it stands.', {}, { registryScopes: ['*'] }, trusted()),
    two('twice', 'One repository has one policy.', {}, {}, invalid),
    two(
      'global-twice',
      'One policy has the global scope.',
      { registryScopes: ['*'] },
      { registryScopes: ['*'] },
      invalid,
      { spec: C },
    ),
    two(
      'other-applies',
      'A policy of another repository has no say.',
      {},
      { registryScopes: ['registry.kit.example/other'] },
      trusted(),
    ),
    row('scope-another-artifact', S, 'The name that is asked for selects the policy.', {
      policy: policy(),
      ...reference('registry.kit.example/other'),
      expected: invalid,
    }),
  ];
}

function documents() {
  const P = sections.ociPolicy;
  const document = (id, why, change, more = {}) =>
    row(`policy-${id}`, P, why, { policy: change(policy()), expected: invalid, ...more });
  const first = (change) => (p) => ({ ...p, trustPolicies: [change(p.trustPolicies[0])] });
  const without = (name) => first((s) => Object.fromEntries(Object.entries(s).filter(([key]) => key !== name)));
  const set = (name, value) => first((s) => ({ ...s, [name]: value }));
  return [
    document('no-version', 'The version is required.', omitting('version')),
    document('version-2', 'The version is 1.0.', (p) => ({ ...p, version: '2.0' })),
    document('version-number', 'The version is a string.', (p) => ({ ...p, version: 1 })),
    document('version-1', 'The version is 1.0, written so.', (p) => ({ ...p, version: '1' })),
    document('no-statements', 'There is one policy at least.', (p) => ({ ...p, trustPolicies: [] })),
    document('statements-missing', 'trustPolicies is required.', omitting('trustPolicies')),
    document('statements-object', 'trustPolicies is an array.', (p) => ({ ...p, trustPolicies: p.trustPolicies[0] })),
    document('no-name', 'A policy has a name.', without('name')),
    document('name-empty', 'A policy has a name.', set('name', '')),
    document('name-twice', 'A name must occur once.', (p) => ({
      ...p,
      trustPolicies: [p.trustPolicies[0], { ...p.trustPolicies[0], registryScopes: ['registry.kit.example/other'] }],
    })),
    document('no-scopes', 'registryScopes is required.', without('registryScopes')),
    document('no-verification', 'signatureVerification is required.', without('signatureVerification')),
    document('no-level', 'The level is required.', set('signatureVerification', {})),
    document('level-unknown', 'The level is one of four.', set('signatureVerification', { level: 'stricter' })),
    document(
      'level-upper-case',
      'The level is written in lower case.',
      set('signatureVerification', { level: 'Strict' }),
    ),
    document('no-stores', 'trustStores is required.', without('trustStores')),
    document('stores-empty', 'There is one store at least.', set('trustStores', [])),
    document('store-without-type', 'A store has a type.', set('trustStores', ['kit'])),
    document('store-of-unknown-type', 'The type of a store is one of three.', set('trustStores', ['xx:kit'])),
    document('store-without-name', 'A store has a name.', set('trustStores', ['ca:'])),
    document('store-with-slash', "A store's name is the name of a folder.", set('trustStores', ['ca:../ca/kit'])),
    document('no-identities', 'trustedIdentities is required.', without('trustedIdentities')),
    document('identities-empty', 'There is one identity at least.', set('trustedIdentities', [])),
    document(
      'verify-timestamp-unknown',
      'verifyTimestamp is one of two.',
      set('signatureVerification', { level: 'strict', verifyTimestamp: 'sometimes' }),
    ),
    document('not-json', 'A policy is a JSON document.', () => '{ version: 1.0 }'),
    document('comments', 'JSON has no comments.', (p) => `// a policy\n${JSON.stringify(p)}`),
    document('list', 'A policy document is an object.', (p) => [p]),
    row('policy-none', P, 'Without a policy nothing is trusted.', { policy: null, expected: invalid }),
    row('policy-version-twice', rfc(8259, '4'), 'The last of two versions is unknown.', {
      requirement: 'SHOULD',
      policy: JSON.stringify(policy()).replace(/\}$/, ',"version":"9.0"}'),
      expected: invalid,
    }),
    row(
      'policy-level-twice',
      rfc(8259, '4'),
      'Names should be unique: a reader that takes the first level enforces another one.',
      {
        policy: JSON.stringify(policy()).replace('"level":"strict"', '"level":"strict","level":"audit"'),
        requirement: 'SHOULD',
        expected: invalid,
      },
    ),
  ];
}

function levels() {
  const L = sections.levels;
  const C = sections.customLevel;
  const expiredSays = { at: '2024-01-01T00:00:00Z', expiry: '2025-01-01T00:00:00Z' };
  const expired = { signature: { says: expiredSays } };
  const strange = { stores: { 'ca/kit': { 'root.pem': certificatePem(stranger) } } };
  const over = { signature: { signer: ended } };
  const level = (id, why, change, expected, more) =>
    statement(`level-${id}`, change.override === undefined ? L : C, why, change, expected, more);
  const wrong = (id, why, change) => statement(`override-${id}`, C, why, change, invalid);
  return [
    level('strict-expired', 'strict enforces the expiry.', {}, refused('expiry'), expired),
    level('permissive-expired', 'permissive logs the expiry.', { level: 'permissive' }, trusted('expiry'), expired),
    level('audit-expired', 'audit logs the expiry.', { level: 'audit' }, trusted('expiry'), expired),
    level('strict-stranger', 'strict enforces authenticity.', {}, refused('authenticity'), strange),
    level(
      'permissive-stranger',
      'permissive enforces authenticity.',
      { level: 'permissive' },
      refused('authenticity'),
      strange,
    ),
    level('audit-stranger', 'audit logs authenticity.', { level: 'audit' }, trusted('authenticity'), strange),
    level('audit-integrity', 'audit enforces integrity.', { level: 'audit' }, refused('integrity'), {
      signature: { change: { signature: (raw) => Buffer.alloc(raw.length, 1) } },
    }),
    level('permissive-integrity', 'permissive enforces integrity.', { level: 'permissive' }, refused('integrity'), {
      signature: { change: { signature: (raw) => Buffer.alloc(raw.length, 1) } },
    }),
    level('permissive', 'A good signature is good at every level.', { level: 'permissive' }, trusted()),
    level('audit', 'A good signature is good at every level.', { level: 'audit' }, trusted()),
    level(
      'audit-all',
      'audit logs what fails, all of it.',
      { level: 'audit' },
      trusted('authenticity', 'expiry', 'authenticTimestamp'),
      { ...strange, signature: { signer: ended, says: expiredSays } },
    ),
    level('skip', 'skip verifies nothing.', { level: 'skip', trustStores: [], trustedIdentities: [] }, skipped()),
    level(
      'skip-unsigned',
      'skip verifies nothing: there need be no signature.',
      { level: 'skip', trustStores: [], trustedIdentities: [] },
      skipped(),
      { signature: null },
    ),
    level(
      'skip-bad-signature',
      'skip verifies nothing: the signature need not hold.',
      { level: 'skip', trustStores: [], trustedIdentities: [] },
      skipped(),
      { signature: { change: { signature: (raw) => Buffer.alloc(raw.length, 1) } } },
    ),
    level(
      'skip-global',
      'skip must not have the global scope.',
      { level: 'skip', registryScopes: ['*'], trustStores: [], trustedIdentities: [] },
      invalid,
    ),
    level(
      'strict-log-expiry',
      'An override logs the expiry.',
      { override: { expiry: 'log' } },
      trusted('expiry'),
      expired,
    ),
    level(
      'audit-enforce-expiry',
      'An override enforces the expiry.',
      { level: 'audit', override: { expiry: 'enforce' } },
      refused('expiry'),
      expired,
    ),
    level(
      'strict-log-authenticity',
      'An override logs authenticity.',
      { override: { authenticity: 'log' } },
      trusted('authenticity'),
      strange,
    ),
    level(
      'audit-enforce-authenticity',
      'An override enforces authenticity.',
      { level: 'audit', override: { authenticity: 'enforce' } },
      refused('authenticity'),
      strange,
    ),
    level(
      'strict-log-timestamp',
      'An override logs the authentic timestamp.',
      { override: { authenticTimestamp: 'log' } },
      trusted('authenticTimestamp'),
      over,
    ),
    level(
      'permissive-enforce-timestamp',
      'An override enforces the authentic timestamp.',
      { level: 'permissive', override: { authenticTimestamp: 'enforce' } },
      refused('authenticTimestamp'),
      over,
    ),
    wrong('integrity', 'Integrity cannot be overridden.', { override: { integrity: 'log' } }),
    wrong('skip-expiry', 'Only revocation can be skipped.', { override: { expiry: 'skip' } }),
    wrong('skip-authenticity', 'Only revocation can be skipped.', { override: { authenticity: 'skip' } }),
    wrong('unknown-validation', 'An override names a validation.', { override: { everything: 'log' } }),
    wrong('unknown-action', 'An override names an action.', { override: { expiry: 'ignore' } }),
    wrong('upper-case', 'Actions are written in lower case.', { override: { expiry: 'Log' } }),
    wrong('of-skip', 'skip cannot be customised.', {
      level: 'skip',
      trustStores: [],
      trustedIdentities: [],
      override: { expiry: 'log' },
    }),
  ];
}

function identities() {
  const I = sections.identities;
  const one = (id, why, trustedIdentities, expected, more = {}) =>
    statement(`identity-${id}`, I, why, { trustedIdentities }, expected, more);
  const x = (...names) => names.map((name) => `x509.subject:${name}`);
  const signer = (id, pairs) => ({
    signature: { signer: issue('leaf', `Kit Leaf named ${id}`, { by: ca, subject: nameOf(pairs) }) },
  });
  const base = 'C=US,ST=WA,O=Conformance Kit';
  const no = refused('authenticity');
  return [
    one('any', 'The asterisk trusts everybody whom the stores vouch for.', ['*'], trusted()),
    one(
      'whole',
      'All attributes of the subject may be named.',
      x('C=US,ST=WA,L=Seattle,O=Conformance Kit,CN=Kit Signer EC-256'),
      trusted(),
    ),
    one('blanks', 'Blanks around the parts say nothing.', ['x509.subject: C=US, ST=WA, O=Conformance Kit'], trusted()),
    one(
      'other-blank',
      'Only the space may surround the parts: another blank is part of the type.',
      ['x509.subject:\u00a0C=US,ST=WA,O=Conformance Kit'],
      invalid,
    ),
    one('state-as-s', 'S is the same as ST.', x('C=US,S=WA,O=Conformance Kit'), trusted()),
    one('other-order', 'The order of the parts says nothing.', x('O=Conformance Kit,C=US,ST=WA'), trusted()),
    one('one-of-two', 'One of several identities is enough.', x('C=US,ST=WA,O=Somebody Else', base), trusted()),
    one('other-organization', 'The organization is another one.', x('C=US,ST=WA,O=Somebody Else'), no),
    one('other-country', 'The country is another one.', x('C=DE,ST=WA,O=Conformance Kit'), no),
    one('other-name', 'The common name is another one.', x(`${base},CN=Somebody`), no),
    one('absent-unit', 'The subject has no organizational unit.', x(`${base},OU=Kit`), no),
    one('other-case', 'Values are compared exactly.', x('C=US,ST=WA,O=conformance kit'), no),
    one('prefix', 'A value is the whole value, not its beginning.', x('C=US,ST=WA,O=Conformance'), no),
    one('asterisk-within', 'The asterisk stands for everybody, not for characters.', x('C=US,ST=WA,O=*'), no),
    one('any-and-more', 'The asterisk must be the only entry.', ['*', ...x(base)], invalid),
    one('no-country', 'C, ST and O are required.', x('ST=WA,O=Conformance Kit'), invalid),
    one('no-state', 'C, ST and O are required.', x('C=US,O=Conformance Kit'), invalid),
    one('no-organization', 'C, ST and O are required.', x('C=US,ST=WA'), invalid),
    one('empty', 'An identity names somebody.', x(''), invalid),
    one('overlap', 'No certificate may match two identities.', x(base, `${base},CN=Kit Signer EC-256`), invalid),
    one('twice', 'No certificate may match two identities.', x(base, base), invalid),
    one('attribute-twice', 'An attribute must occur once.', x(`${base},O=Somebody Else`), invalid),
    one('multi-valued', 'Parts are separated by commas.', x('C=US+ST=WA,O=Conformance Kit'), invalid),
    one('no-value', 'A part has a type and a value.', x(`${base},CN`), invalid),
    one('hexadecimal', 'Hexadecimal values are not supported.', x('C=US,ST=WA,O=#0c03414243'), invalid),
    one(
      'escaped-comma',
      'A comma in a value is escaped.',
      x('C=US,ST=WA,O=Kit\\, Inc.'),
      trusted(),
      signer('comma', [
        ['C', 'US'],
        ['ST', 'WA'],
        ['O', 'Kit, Inc.'],
      ]),
    ),
    one(
      'comma-not-escaped',
      'A comma that is not escaped ends the value.',
      x('C=US,ST=WA,O=Kit, Inc.'),
      invalid,
      signer('comma', [
        ['C', 'US'],
        ['ST', 'WA'],
        ['O', 'Kit, Inc.'],
      ]),
    ),
    one(
      'escaped-blank',
      'A blank at the end of a value is escaped.',
      x('C=US,ST=WA,O=Kit\\ '),
      trusted(),
      signer('blank', [
        ['C', 'US'],
        ['ST', 'WA'],
        ['O', 'Kit '],
      ]),
    ),
    one(
      'blank-not-escaped',
      'A trailing blank that is not escaped is not part of the value.',
      x('C=US,ST=WA,O=Kit '),
      no,
      signer('blank', [
        ['C', 'US'],
        ['ST', 'WA'],
        ['O', 'Kit '],
      ]),
    ),
    one(
      'unicode',
      'Values are compared character by character.',
      x('C=US,ST=WA,O=Münster'),
      trusted(),
      signer('unicode', [
        ['C', 'US'],
        ['ST', 'WA'],
        ['O', 'Münster'],
      ]),
    ),
    one(
      'unicode-other-form',
      'Another composition of the characters is another value.',
      x('C=US,ST=WA,O=Mu\u0308nster'),
      no,
      signer('unicode', [
        ['C', 'US'],
        ['ST', 'WA'],
        ['O', 'Münster'],
      ]),
    ),
    one(
      'unicode-decomposed-subject',
      'Another composition of the characters is another value, in the subject as well.',
      x('C=US,ST=WA,O=M\u00fcnster'),
      no,
      signer('decomposed', [
        ['C', 'US'],
        ['ST', 'WA'],
        ['O', 'Mu\u0308nster'],
      ]),
    ),
    one(
      'zero-width-subject',
      'A character that is not seen is a character.',
      x('C=US,ST=WA,O=Conformance Kit'),
      no,
      signer('zero width', [
        ['C', 'US'],
        ['ST', 'WA'],
        ['O', 'Conformance\u200b Kit'],
      ]),
    ),
    one(
      'comma-in-the-subject',
      'A subject whose value looks like more attributes has but the one.',
      x('C=US,ST=WA,O=Conformance Kit'),
      no,
      signer('injection', [
        ['C', 'US'],
        ['ST', 'WA'],
        ['O', 'Evil,O=Conformance Kit'],
      ]),
    ),
    one(
      'of-the-issuer',
      "The subject of the signing certificate counts, not the issuer's.",
      x(`${base},CN=Kit Issuing CA`),
      no,
    ),
    one(
      'subject-without-state',
      'The subject has no state.',
      x(base),
      no,
      signer('no state', [
        ['C', 'US'],
        ['O', 'Conformance Kit'],
      ]),
    ),
    one('subject-empty', 'The subject is empty.', x(base), no, signer('empty', [])),
    one('other-kind', 'An identity of another kind says nothing of certificates.', ['example.kind:somebody'], no),
  ];
}

function trustStores() {
  const T = sections.trustStore;
  const store = (id, why, contents, expected, more = {}) =>
    row(`store-${id}`, T, why, { stores: contents, expected, tags: ['stores'], ...more });
  const pem = certificatePem(root);
  const no = refused('authenticity');
  const several = (list) => ({ policy: policy({ trustStores: list }) });
  const forged = issue('ca', 'Kit Root', { salt: 'again', key: root.key });
  return [
    store('der', 'A certificate may be DER.', { 'ca/kit': { 'root.cer': root.der } }, trusted()),
    store(
      'link-to-a-file',
      'A file of a store must not be a symbolic link.',
      { 'ca/kit': { 'root.pem': { link: '../../../../roots/root.pem' } } },
      no,
      { config: { 'roots/root.pem': pem } },
    ),
    store(
      'link-to-a-directory',
      'A store must not be a symbolic link.',
      { ca: { kit: { link: '../../../roots' } } },
      no,
      {
        config: { 'roots/root.pem': pem },
      },
    ),
    store(
      'sub-directory',
      'Directories in a store are ignored.',
      { 'ca/kit': { 'root.pem': pem, 'more/other.pem': certificatePem(stranger) } },
      trusted(),
    ),
    store(
      'sub-directory-alone',
      'Directories in a store are ignored, with the certificates in them.',
      { 'ca/kit': { 'more/root.pem': pem } },
      no,
    ),
    store('crt', 'A certificate may be in a file called .crt.', { 'ca/kit': { 'root.crt': pem } }, trusted()),
    store(
      'two-files',
      'One of several certificates is enough.',
      { 'ca/kit': { 'a.pem': certificatePem(stranger), 'root.pem': pem } },
      trusted(),
    ),
    store(
      'two-in-one-file',
      'A file may hold several certificates.',
      { 'ca/kit': { 'roots.pem': `${certificatePem(stranger)}${pem}` } },
      trusted(),
    ),
    store(
      'two-stores',
      'One of several stores is enough.',
      { 'ca/kit': { 'root.pem': certificatePem(stranger) }, 'ca/second': { 'root.pem': pem } },
      trusted(),
      several(['ca:kit', 'ca:second']),
    ),
    store(
      'not-named',
      'A store that the policy does not name confers no trust.',
      { 'ca/kit': { 'root.pem': certificatePem(stranger) }, 'ca/second': { 'root.pem': pem } },
      no,
    ),
    store(
      'intermediate',
      'An intermediate in the store is an anchor, though it is not recommended.',
      { 'ca/kit': { 'ca.pem': certificatePem(ca) } },
      trusted(),
    ),
    store(
      'same-name',
      'A root of the same name is another root.',
      { 'ca/kit': { 'root.pem': certificatePem(stranger) } },
      no,
      { spec: sections.steps },
    ),
    store(
      'same-key',
      'A root with the same name and key is another certificate.',
      { 'ca/kit': { 'root.pem': certificatePem(forged) } },
      no,
      { spec: sections.steps },
    ),
    store('leaf', 'The signing certificate is not a root.', { 'ca/kit': { 'leaf.pem': certificatePem(leaf) } }, no),
    store('missing', 'The store does not exist.', {}, no),
    store('other-type', 'The store is of another type.', { 'tsa/kit': { 'root.pem': pem } }, no, { requires: [] }),
    store('empty-file', 'A file of a store must hold a certificate.', { 'ca/kit': { 'root.pem': '' } }, no),
    store(
      'broken-file',
      'A file of a store must hold certificates.',
      { 'ca/kit': { 'root.pem': pem.replace(/MII./, 'AAAA') } },
      no,
    ),
    store(
      'text-file',
      'A file of a store must hold certificates.',
      { 'ca/kit': { 'root.pem': 'no certificate\n' } },
      no,
    ),
    store(
      'only-authority-store',
      'The policy names no store of the type that the scheme demands.',
      stores.signingAuthority,
      no,
      { policy: policy({ trustStores: ['signingAuthority:kit'] }), spec: sections.schemeStores },
    ),
    store(
      'other-root-same-subject-first',
      'Each certificate of the store is compared.',
      { 'ca/kit': { 'a.pem': certificatePem(stranger), 'b.pem': pem } },
      trusted(),
    ),
  ];
}

function expiries() {
  const E = sections.expiry;
  const says = (expiry) => ({ at: '2024-01-01T00:00:00Z', expiry });
  return formats.flatMap((format) => [
    row(`${format}-expired`, E, 'The artifact has expired.', {
      signature: { format, says: says('2025-06-01T00:00:00Z') },
      expected: refused('expiry'),
    }),
    row(`${format}-expired-long-ago`, E, 'The artifact has expired.', {
      signature: { format, says: { at: '1971-01-01T00:00:00Z', expiry: '1972-01-01T00:00:00Z' } },
      expected: refused('expiry'),
    }),
    row(`${format}-not-expired`, E, 'The artifact has not expired.', {
      signature: { format, says: says('2101-01-01T00:00:00Z') },
      expected: trusted(),
    }),
    row(`${format}-expires-9999`, E, 'An expiry may be far away.', {
      signature: { format, says: says('9999-12-31T23:59:59Z') },
      expected: trusted(),
    }),
  ]);
}

export const cases = () => {
  return [...scopes(), ...documents(), ...levels(), ...identities(), ...trustStores(), ...expiries()];
};
