// The requirements on certificates of a signing chain.

import { ca, certificatePem, leaf, leafOf, root, stranger } from '../lib/authorities.mjs';
import { chainRefused, formatFor, ociCase, policy, refused, stores, trusted } from '../lib/case.mjs';
import { context, element, oid, sequence } from '../lib/der.mjs';
import { keyOf, specs } from '../lib/keys.mjs';
import { rfc, sections } from '../lib/sections.mjs';
import {
  adding,
  basicConstraints,
  extendedKeyUsage,
  extension,
  issue,
  keyUsage,
  nameOf,
  organization,
  replacing,
  without,
} from '../lib/x509.mjs';

const L = sections.leafCertificates;
const A = sections.caCertificates;
const O = sections.otherRequirements;
const formats = ['jws', 'cose'];
const anchor = (issued) => ({ 'ca/kit': { 'root.pem': certificatePem(issued) } });
const basic = '2.5.29.19';
const usage = '2.5.29.15';
const purpose = '2.5.29.37';
const digitalSignature = 'digitalSignature';

/** A case of a signer. */
const row = (id, spec, why, signer, { signature = {}, ...more } = {}) =>
  ociCase({
    id: `chain-${id}`,
    spec,
    why,
    signature: { signer, format: formatFor(id), ...signature },
    expected: chainRefused(),
    tags: ['certificates'],
    ...more,
  });
const good = { expected: trusted() };

/** A leaf with other extensions. */
const leafWith = (id, extensions, options = {}) => issue('leaf', `Kit Leaf ${id}`, { by: ca, extensions, ...options });
const leafRow = (id, why, extensions, more) => row(`leaf-${id}`, L, why, leafWith(id, extensions), more);

function leaves() {
  const forbidden = [
    'keyEncipherment',
    'dataEncipherment',
    'keyAgreement',
    'keyCertSign',
    'cRLSign',
    'encipherOnly',
    'decipherOnly',
  ];
  const purposes = ['any', 'serverAuth', 'clientAuth', 'emailProtection', 'timeStamping'];
  const usages = (list, critical) => replacing(keyUsage(list, critical));
  const ekus = (list, critical) => replacing(extendedKeyUsage(list, critical));
  return [
    leafRow('no-basic-constraints', 'Basic constraints are optional on a leaf.', without(basic), good),
    leafRow(
      'basic-constraints-not-critical',
      'Basic constraints of a leaf need not be critical.',
      replacing(basicConstraints({ ca: false, critical: false })),
      good,
    ),
    leafRow('is-a-ca', 'cA must be false on a leaf.', replacing(basicConstraints({ ca: true }))),
    leafRow('no-key-usage', 'Key usage is required.', without(usage)),
    leafRow('key-usage-not-critical', 'Key usage must be critical.', usages([digitalSignature], false)),
    leafRow('no-digital-signature', 'digitalSignature must be set.', usages(['contentCommitment'])),
    leafRow(
      'content-commitment',
      'contentCommitment beside digitalSignature is allowed.',
      usages([digitalSignature, 'contentCommitment']),
      good,
    ),
    ...forbidden.map((name) =>
      leafRow(`usage-${name.toLowerCase()}`, `${name} must not be set.`, usages([digitalSignature, name])),
    ),
    leafRow('no-purpose', 'Extended key usage is optional.', without(purpose), good),
    leafRow('purpose-critical', 'Extended key usage may be critical.', ekus(['codeSigning'], true), good),
    leafRow('purpose-unknown', 'A purpose that is not forbidden is allowed.', ekus(['1.3.6.1.4.1.99999.1']), good),
    ...purposes.map((name) =>
      leafRow(`purpose-${name.toLowerCase()}`, `${name} must not be among the purposes.`, ekus(['codeSigning', name])),
    ),
    leafRow('purpose-serverauth-alone', 'serverAuth must not be the purpose.', ekus(['serverAuth'])),
    row(
      'leaf-other-extensions',
      O,
      'Other extensions are ignored, even critical ones.',
      leafWith('other', adding(extension('1.3.6.1.4.1.99999.2', [0x05, 0x00], true))),
      good,
    ),
  ];
}

function keys() {
  const rows = [
    ['rsa-1024', 'RSA-1024', 'An RSA key has 2048 bits at least.'],
    ['p-224', 'EC-224', 'An EC key has 256 bits at least.'],
    ['secp256k1', 'EC-256K', 'secp256k1 is not among the curves.'],
  ];
  return rows.map(([name, spec, why]) =>
    row(
      `key-${name}`,
      name === 'secp256k1' ? sections.algorithmSelection : L,
      why,
      issue('leaf', `Kit Leaf ${name}`, { by: ca, spec, key: keyOf(spec, 'leaf'), hash: specs['EC-256'].hash }),
    ),
  );
}

/** A CA with other extensions, between the root and a leaf. */
function under(id, options, by = root) {
  const issuer = issue('ca', `Kit CA ${id}`, { by, ...options });
  return issue('leaf', `Kit Leaf of ${id}`, { by: issuer });
}
const caRow = (id, why, extensions, more) => row(`ca-${id}`, A, why, under(id, { extensions }), more);

function authorities() {
  const own = (id, extensions) => {
    const made = issue('ca', `Kit Root ${id}`, { extensions });
    return { signer: issue('leaf', `Kit Leaf of root ${id}`, { by: made }), made };
  };
  const rootRow = (id, why, extensions, more = {}) => {
    const { signer, made } = own(id, extensions);
    return row(`root-${id}`, A, why, signer, { stores: anchor(made), ...more });
  };
  const constraints = (options) => replacing(basicConstraints(options));
  return [
    caRow('no-basic-constraints', 'Basic constraints are required on a CA.', without(basic)),
    caRow('not-a-ca', 'cA must be true on a CA.', constraints({ ca: false })),
    caRow(
      'basic-constraints-not-critical',
      'Basic constraints of a CA must be critical.',
      constraints({ ca: true, critical: false }),
    ),
    caRow('no-key-usage', 'Key usage is required on a CA.', without(usage)),
    caRow(
      'key-usage-not-critical',
      'Key usage of a CA must be critical.',
      replacing(keyUsage(['keyCertSign', 'cRLSign'], false)),
    ),
    caRow('no-cert-sign', 'keyCertSign must be set on a CA.', replacing(keyUsage(['cRLSign', digitalSignature]))),
    caRow('path-length-0', 'A path length of 0 allows a leaf.', constraints({ ca: true, pathLength: 0 }), good),
    caRow(
      'purpose-serverauth',
      'Purposes of a CA are not restricted by the requirements.',
      adding(extendedKeyUsage(['serverAuth'])),
      good,
    ),
    row(
      'ca-path-length-exceeded',
      A,
      'A path length of 0 allows no CA below.',
      issue('leaf', 'Kit Leaf too deep', {
        by: issue('ca', 'Kit CA below', {
          by: issue('ca', 'Kit CA of length 0', { by: root, extensions: constraints({ ca: true, pathLength: 0 }) }),
        }),
      }),
    ),
    row(
      'ca-path-length-1',
      A,
      'A path length of 1 allows one CA below.',
      issue('leaf', 'Kit Leaf deep', {
        by: issue('ca', 'Kit CA second', {
          by: issue('ca', 'Kit CA of length 1', { by: root, extensions: constraints({ ca: true, pathLength: 1 }) }),
        }),
      }),
      good,
    ),
    rootRow('no-basic-constraints', 'Basic constraints are required on a root.', without(basic)),
    rootRow(
      'not-critical',
      'Basic constraints of a root must be critical.',
      constraints({ ca: true, critical: false }),
    ),
    rootRow('no-key-usage', 'Key usage is required on a root.', without(usage)),
    rootRow('no-cert-sign', 'keyCertSign must be set on a root.', replacing(keyUsage(['cRLSign']))),
    rootRow(
      'path-length-0',
      'A path length of 0 on the root allows a leaf below it.',
      constraints({ ca: true, pathLength: 0 }),
      good,
    ),
    row('signed-by-a-leaf', A, 'A leaf issues nothing.', issue('leaf', 'Kit Leaf of a leaf', { by: leaf })),
    row(
      'name-constraints',
      O,
      'Name constraints are not evaluated.',
      under('constrained', { extensions: adding(nameConstraints()) }),
      good,
    ),
    row(
      'policy-constraints',
      O,
      'Policy constraints are not evaluated.',
      under('policies', { extensions: adding(extension('2.5.29.36', sequence(element(0x80, [0])), true)) }),
      good,
    ),
  ];
}

const nameConstraints = () =>
  extension('2.5.29.30', sequence(context(0, sequence(context(4, nameOf([['O', 'Nobody']]))))), true);

const withChain = (list) => ({ signature: { change: { chain: list.map(({ der }) => der ?? list) } } });

function order() {
  const deep = issue('ca', 'Kit CA deep', { by: ca });
  const signer = issue('leaf', 'Kit Leaf of the deep CA', { by: deep });
  const [l, c, r] = [leaf, ca, root];
  const chain = (id, why, list, more = {}) => row(`order-${id}`, O, why, leaf, { ...withChain(list), ...more });
  const deepChain = (id, why, list) => row(`order-${id}`, O, why, signer, withChain(list));
  const second = issue('ca', 'Kit Issuing CA', { by: stranger, key: ca.key, subject: ca.subject });
  return [
    chain('leaf-alone', 'The chain must contain its root.', [l]),
    chain('no-root', 'The chain must contain its root.', [l, c]),
    chain('no-intermediate', 'Each certificate is issued by the next.', [l, r]),
    chain('root-first', 'The signing certificate comes first.', [r, c, l]),
    chain('swapped', 'The order is signing certificate, intermediate, root.', [l, r, c]),
    chain('leaf-twice', 'No certificate may occur twice.', [l, l, c, r]),
    chain('root-twice', 'No certificate may occur twice.', [l, c, r, r]),
    chain('unrelated', 'No certificate is unrelated to the chain.', [l, c, r, stranger]),
    chain('unrelated-before-root', 'No certificate is unrelated to the chain.', [l, c, stranger, r]),
    chain('other-leaf-first', 'The first certificate is the one whose key signed.', [leafOf('EC-384'), c, r]),
    chain('two-parents', 'The chain has one root.', [l, c, r, second, stranger]),
    chain('wrong-root', 'The last certificate did not issue the one before, for all that it has the name.', [
      l,
      c,
      stranger,
    ]),
    deepChain('intermediates-swapped', 'The order is from the signing certificate to the root.', [
      signer,
      ca,
      deep,
      root,
    ]),
    row('order-four', O, 'Two intermediates in order are in order.', signer, good),
  ];
}

function signatures() {
  const bad = (id, why, options, spec = O) =>
    row(`signature-${id}`, spec, why, issue('leaf', `Kit Leaf signed ${id}`, { by: ca, ...options }));
  const rsaRoot = issue('ca', 'Kit RSA Root', { spec: 'RSA-2048', key: keyOf('RSA-2048', 'root-b') });
  const sha1Root = issue('ca', 'Kit SHA-1 Root', { spec: 'RSA-2048', key: keyOf('RSA-2048', 'root-b'), hash: 'sha1' });
  const selfSigned = issue('leaf', 'Kit Self-signed', {});
  const ofName = { issuerName: nameOf([...organization, ['CN', 'Kit Other CA']]) };
  return [
    bad('broken', 'The signature of a certificate must hold.', { corrupt: true }),
    bad('by-another-key', "The issuer's key must have signed the certificate.", { signWith: stranger.key }),
    bad('issuer-name', "The issuer's name must be the next certificate's subject.", ofName),
    bad('sha-1', 'No certificate may be signed with SHA-1.', { hash: 'sha1' }),
    bad(
      'algorithms-differ',
      'Both places of the signature algorithm say the same.',
      { tbsAlgorithm: sequence(oid('1.2.840.10045.4.3.3')) },
      rfc(5280, '4.1.1.2'),
    ),
    bad('version-1', 'A certificate of version 1 has no key usage.', { version: 1 }, L),
    row(
      'signature-sha-1-root',
      O,
      'No certificate may be signed with SHA-1, not even the root.',
      issue('leaf', 'Kit Leaf of SHA-1 root', { by: sha1Root }),
      { stores: anchor(sha1Root) },
    ),
    row('signature-rsa-root', O, 'A root may sign with RSA.', issue('leaf', 'Kit Leaf of RSA root', { by: rsaRoot }), {
      stores: anchor(rsaRoot),
      ...good,
    }),
    row('self-signed', O, 'A certificate alone follows the rules of leaves.', selfSigned, {
      stores: anchor(selfSigned),
      ...good,
    }),
    row('self-signed-ca', O, 'A certificate alone follows the rules of leaves: cA must be false.', root, {}),
    row(
      'self-signed-sha-1',
      O,
      'No certificate may be signed with SHA-1, not even a single self-signed one.',
      issue('leaf', 'Kit Self-signed SHA-1', { hash: 'sha1', spec: 'RSA-2048', key: keyOf('RSA-2048', 'lone') }),
      {
        stores: anchor(
          issue('leaf', 'Kit Self-signed SHA-1', { hash: 'sha1', spec: 'RSA-2048', key: keyOf('RSA-2048', 'lone') }),
        ),
      },
    ),
    row(
      'self-signed-broken',
      O,
      'The signature of a lone certificate must hold.',
      issue('leaf', 'Kit Self-signed broken', { corrupt: true }),
      { stores: stores.ca },
    ),
    row(
      'serial-negative',
      rfc(5280, '4.1.2.2'),
      'A serial number is positive.',
      leafWith('negative serial', (list) => list, { serial: -5n }),
      { requirement: 'SHOULD' },
    ),
    row(
      'boolean-not-der',
      rfc(5280, '4.1'),
      'A certificate is DER: true is 0xff.',
      under('boolean', { extensions: replacing(extension('2.5.29.19', sequence(element(0x01, [1])), true)) }),
      { requirement: 'SHOULD' },
    ),
    row(
      'length-not-der',
      rfc(5280, '4.1'),
      'A certificate is DER: lengths are as short as they can be.',
      leafWith('long length', replacing(extension('1.3.6.1.4.1.99999.7', [0x04, 0x81, 0x01, 0x00]))),
      good,
    ),
    row(
      'doubled-extension',
      rfc(5280, '4.2'),
      'An extension must occur once.',
      leafWith('doubled', adding(keyUsage([digitalSignature]))),
    ),
  ];
}

function validity() {
  const T = sections.steps;
  const by = (name, options) =>
    issue('leaf', `Kit Leaf of ${name}`, { by: issue('ca', `Kit CA ${name}`, { by: root, ...options }) });
  const past = { notAfter: '2025-12-31T23:59:59Z' };
  const one = (id, why, signer, more = {}) =>
    row(`validity-${id}`, T, why, signer, { expected: refused('authenticTimestamp'), ...more });
  const oldRoot = issue('ca', 'Kit Old Root', past);
  const early = issue('leaf', 'Kit Leaf ended', { by: ca, ...past });
  const levels = (id, level, expected) =>
    one(`ended-${id}`, `The signing certificate has ended; level ${level} says what that means.`, early, {
      policy: policy({ level }),
      expected,
      spec: sections.levels,
    });
  return [
    one('ended', 'The signing certificate has ended, and nothing proves when the signature was made.', early),
    one(
      'not-yet',
      'The signing certificate is not valid yet.',
      issue('leaf', 'Kit Leaf future', { by: ca, notBefore: '2102-01-01T00:00:00Z' }),
    ),
    one('ca-ended', 'The intermediate has ended.', by('ended', past)),
    one('root-ended', 'The root has ended.', issue('leaf', 'Kit Leaf of the old root', { by: oldRoot }), {
      stores: anchor(oldRoot),
    }),
    one('ended-cose-signing-time', 'A signing time within the validity proves nothing: it is a claim.', early, {
      spec: sections.signingTime,
      signature: { says: { at: '2025-01-01T00:00:00Z' } },
    }),
    one(
      'not-nested',
      "The validity of a certificate need not lie within its issuer's.",
      issue('leaf', 'Kit Leaf wider', {
        by: issue('ca', 'Kit CA younger', {
          by: root,
          notBefore: '2024-01-01T00:00:00Z',
          notAfter: '2110-01-01T00:00:00Z',
        }),
        notBefore: '2019-01-01T00:00:00Z',
      }),
      { ...good, spec: O },
    ),
    one(
      'to-9999',
      'A certificate may be valid to the end of 9999.',
      issue('leaf', 'Kit Leaf for ever', { by: ca, notAfter: '9999-12-31T23:59:59Z' }),
      { ...good, spec: rfc(5280, '4.1.2.5') },
    ),
    levels('strict', 'strict', refused('authenticTimestamp')),
    levels('permissive', 'permissive', trusted('authenticTimestamp')),
    levels('audit', 'audit', trusted('authenticTimestamp')),
  ];
}

/** The authentic signing time lies in the validity of each certificate. */
function authority() {
  const parts = {
    stores: stores.signingAuthority,
    policy: policy({ trustStores: ['signingAuthority:kit'] }),
    spec: sections.signingTime,
  };
  const says = (at) => ({ scheme: 'notary.x509.signingAuthority', at });
  const ended = issue('leaf', 'Kit Leaf of an authority', {
    by: ca,
    notBefore: '2024-01-01T00:00:00Z',
    notAfter: '2025-06-01T00:00:00Z',
  });
  const caEnded = issue('leaf', 'Kit Leaf of an ended authority', {
    by: issue('ca', 'Kit CA of an ended authority', { by: root, notAfter: '2025-01-01T00:00:00Z' }),
  });
  const one = (format, id, why, at, expected, signer = ended, more = {}) =>
    ociCase({
      id: `${format}-authority-${id}`,
      why,
      signature: { format, signer, says: says(at) },
      expected,
      tags: [format, 'signing-authority'],
      ...parts,
      ...more,
    });
  const no = refused('authenticTimestamp');
  return formats.flatMap((format) => [
    one(
      format,
      'within',
      'The certificate has ended since, but was valid at the authentic signing time.',
      '2025-01-15T00:00:00Z',
      trusted(),
    ),
    one(format, 'at-the-end', 'The end of the validity belongs to it.', '2025-06-01T00:00:00Z', trusted()),
    one(format, 'at-the-beginning', 'The beginning of the validity belongs to it.', '2024-01-01T00:00:00Z', trusted()),
    one(format, 'a-second-after', 'One second after the end the certificate is not valid.', '2025-06-01T00:00:01Z', no),
    one(
      format,
      'a-second-before',
      'One second before its beginning the certificate is not valid.',
      '2023-12-31T23:59:59Z',
      no,
    ),
    one(
      format,
      'ca-ended',
      'Each certificate must be valid at the authentic signing time.',
      '2025-03-01T00:00:00Z',
      no,
      caEnded,
    ),
    one(
      format,
      'after-the-end-logged',
      'Level permissive logs the authentic timestamp.',
      '2025-07-01T00:00:00Z',
      trusted('authenticTimestamp'),
      ended,
      { policy: policy({ trustStores: ['signingAuthority:kit'], level: 'permissive' }), spec: sections.levels },
    ),
    one(
      format,
      'ca-store',
      'A store of type ca trusts no signing authority.',
      '2025-01-15T00:00:00Z',
      refused('authenticity'),
      ended,
      { stores: stores.ca, policy: policy(), spec: sections.schemeStores },
    ),
  ]);
}

function forAuthorityStores() {
  return formats.map((format) =>
    ociCase({
      id: `${format}-x509-under-authority-store`,
      spec: sections.schemeStores,
      why: 'A store of type signingAuthority trusts no signature of notary.x509.',
      signature: { format },
      stores: stores.signingAuthority,
      policy: policy({ trustStores: ['signingAuthority:kit'] }),
      expected: refused('authenticity'),
      tags: [format, 'stores'],
    }),
  );
}

export const cases = () => {
  return [
    ...leaves(),
    ...keys(),
    ...authorities(),
    ...order(),
    ...signatures(),
    ...validity(),
    ...authority(),
    ...forAuthorityStores(),
  ];
};
