// Countersignatures of timestamping authorities. The signing certificate has ended at the end of 2025; the token says June 2025.

import { ca, certificatePem, ended, future, leaf, root, stranger, tsa, tsaRoot } from '../lib/authorities.mjs';
import { bytes } from '../lib/bytes.mjs';
import { formatFor, ociCase, policy, refused, stores, trusted } from '../lib/case.mjs';
import { nothing, sequence } from '../lib/der.mjs';
import { crl } from '../lib/revocation.mjs';
import { rfc, sections } from '../lib/sections.mjs';
import { token } from '../lib/timestamp.mjs';
import {
  adding,
  basicConstraints,
  crlAt,
  extendedKeyUsage,
  extension,
  issue,
  keyUsage,
  replacing,
  without,
} from '../lib/x509.mjs';

const formats = ['jws', 'cose'];
const withTsa = { ...stores.ca, 'tsa/kit': { 'root.pem': certificatePem(tsaRoot) } };
const stampPolicy = (change = {}) => policy({ trustStores: ['ca:kit', 'tsa:kit'], ...change });
const T = sections.steps;
const D = sections.timestampDetails;
const good = { expected: trusted() };
const no = refused('authenticTimestamp');

/** A case with a token; `stamp` is what the token says, or a function that makes other bytes of the signature. */
const row = (id, spec, why, stamp, { signature = {}, signer = ended, ...more } = {}) => {
  const timestamp = typeof stamp === 'function' ? stamp : (raw) => token(raw, { signer: tsa, ...stamp });
  return ociCase({
    id: `timestamp-${id}`,
    spec,
    why,
    signature: { signer, format: formatFor(id), change: stamp === null ? {} : { timestamp }, ...signature },
    stores: withTsa,
    policy: stampPolicy(),
    expected: no,
    tags: ['timestamp'],
    ...more,
  });
};

function times() {
  const end = '2025-12-31T23:59:59Z';
  const begun = issue('leaf', 'Kit Leaf of 2025', { by: ca, notBefore: '2025-03-01T00:00:00Z', notAfter: end });
  const oldCa = issue('leaf', 'Kit Leaf under an older CA', {
    by: issue('ca', 'Kit CA of a short life', { by: root, notAfter: '2025-02-01T00:00:00Z' }),
  });
  const of = (signer) => ({ signer });
  return [
    ...formats.map((format) =>
      row(
        `${format}-ended`,
        T,
        'The signing certificate has ended, and the token proves that the signature is older.',
        {},
        { ...good, signature: { format } },
      ),
    ),
    row('still-valid', T, 'The token is in order, and the certificate is still valid.', {}, { ...good, signer: leaf }),
    row('at-the-end', T, 'The end of the validity belongs to it.', { genTime: end, accuracy: null }, good),
    row('past-the-end', T, 'The token is of a time after the certificate.', {
      genTime: '2026-01-01T00:00:00Z',
      accuracy: null,
    }),
    row('long-past-the-end', T, 'The token is of a time after the certificate.', { genTime: '2026-06-01T00:00:00Z' }),
    row('across-the-end', T, 'With its accuracy the time may be after the end.', {
      genTime: end,
      accuracy: { seconds: 1 },
    }),
    row('across-the-end-millis', T, 'With its accuracy the time may be after the end.', {
      genTime: end,
      accuracy: { millis: 1 },
    }),
    row('across-the-end-micros', T, 'With its accuracy the time may be after the end.', {
      genTime: end,
      accuracy: { micros: 1 },
    }),
    row('baseline-policy', T, 'Under the baseline policy an accuracy of one second is meant.', {
      genTime: end,
      accuracy: null,
      policy: '0.4.0.2023.1.1',
    }),
    row(
      'before-the-beginning',
      T,
      'The token is of a time before the certificate.',
      { genTime: '2025-02-28T23:59:59Z', accuracy: null },
      of(begun),
    ),
    row(
      'at-the-beginning',
      T,
      'The beginning of the validity belongs to it.',
      { genTime: '2025-03-01T00:00:00Z', accuracy: null },
      { ...good, ...of(begun) },
    ),
    row(
      'across-the-beginning',
      T,
      'With its accuracy the time may be before the beginning.',
      { genTime: '2025-03-01T00:00:00Z', accuracy: { seconds: 1 } },
      of(begun),
    ),
    row('ca-ended', T, 'Each certificate of the chain must have been valid.', {}, of(oldCa)),
    row('future-certificate', T, 'The certificate is not valid yet, and was not when it was stamped.', {}, of(future)),
    row('fraction', rfc(3161, '2.4.2'), 'The time may have a fraction.', { fraction: '5' }, good),
  ];
}

function conditions() {
  const after = { verifyTimestamp: 'afterCertExpiry' };
  const p = (change) => ({ policy: stampPolicy(change) });
  const bad = { corrupt: true };
  const authority = { says: { scheme: 'notary.x509.signingAuthority', at: '2025-03-01T00:00:00Z' } };
  const authorityParts = {
    signature: { ...authority, change: { timestamp: (raw) => token(raw, { signer: tsa, ...bad }) } },
    stores: { ...stores.signingAuthority, 'tsa/kit': withTsa['tsa/kit'] },
    policy: policy({ trustStores: ['signingAuthority:kit', 'tsa:kit'] }),
  };
  return [
    row('missing', D, 'A policy with a tsa store demands a token, though the certificate is still valid.', null, {
      signer: leaf,
    }),
    row('missing-ended', D, 'The certificate has ended, and there is no token.', null),
    row('missing-logged', sections.levels, 'Level permissive logs that there is no token.', null, {
      ...p({ level: 'permissive' }),
      expected: trusted('authenticTimestamp'),
    }),
    row('missing-audit', sections.levels, 'Level audit logs that there is no token.', null, {
      ...p({ level: 'audit' }),
      expected: trusted('authenticTimestamp'),
    }),
    row('after-expiry-valid', D, 'afterCertExpiry demands no token as long as the chain is valid.', null, {
      ...good,
      signer: leaf,
      ...p(after),
    }),
    row('after-expiry-valid-bad-token', D, 'afterCertExpiry looks at no token as long as the chain is valid.', bad, {
      ...good,
      signer: leaf,
      ...p(after),
    }),
    row('after-expiry-ended', D, 'afterCertExpiry demands a token once a certificate has ended.', null, p(after)),
    row(
      'after-expiry-ended-stamped',
      D,
      'afterCertExpiry demands a token once a certificate has ended, and there is one.',
      {},
      { ...good, ...p(after) },
    ),
    row('always', D, 'always is what is meant without verifyTimestamp.', null, {
      signer: leaf,
      ...p({ verifyTimestamp: 'always' }),
    }),
    row(
      'no-tsa-store',
      D,
      'Without a tsa store the token is ignored: the expired certificate decides.',
      {},
      { stores: stores.ca, policy: policy() },
    ),
    row('no-tsa-store-bad-token', D, 'Without a tsa store the token is ignored, even a broken one.', bad, {
      ...good,
      signer: leaf,
      stores: stores.ca,
      policy: policy(),
    }),
    row(
      'authority-ignores-it',
      sections.unsignedAttributes,
      'Under the scheme of signing authorities a token is not used.',
      bad,
      { ...good, ...authorityParts },
    ),
    row('empty', T, 'An empty token does not count.', () => Buffer.alloc(0), { signer: leaf }),
    row('not-a-token', T, 'Bytes that are not a token prove nothing.', () => bytes('not a token')),
    row('cut', T, 'The token is truncated.', (raw) => token(raw, { signer: tsa }).subarray(0, 200)),
    row('response', sections.jwsUnprotected, 'The header holds the token, not the response around it.', (raw) =>
      sequence(sequence([0x02, 0x01, 0x00]), token(raw, { signer: tsa })),
    ),
    row('null', T, 'Bytes that are not a token prove nothing.', () => nothing()),
  ];
}

function imprints() {
  return [
    row('of-something-else', T, 'The token is over other bytes than the signature.', () =>
      token(bytes('something else'), { signer: tsa }),
    ),
    row('of-the-payload', T, 'The token is over the signature, not the payload.', () =>
      token(bytes('{"targetArtifact":{}}'), { signer: tsa }),
    ),
    row('sha-384', T, 'The imprint may be made with SHA-384.', { imprintHash: 'sha384' }, good),
    row('sha-512', T, 'The imprint may be made with SHA-512.', { imprintHash: 'sha512' }, good),
    row('sha-1', sections.algorithms, 'The imprint is made with SHA-1.', { imprintHash: 'sha1' }),
    row('imprint-short', rfc(3161, '2.4.1'), 'The imprint is as long as its hash.', { imprint: Buffer.alloc(20, 1) }),
  ];
}

function tokens() {
  const C = rfc(5652, '5.4');
  const S = rfc(3161, '2.4.2');
  return [
    row('corrupt', T, 'The signature of the token does not hold.', { corrupt: true }),
    row('by-another-key', T, "The token is signed by another key than its certificate's.", { signWith: stranger.key }),
    row('no-signing-certificate', T, 'The attribute signing-certificate-v2 is missing.', { names: 'none' }),
    row(
      'signing-certificate-v1',
      T,
      'The attribute signing-certificate-v2 is missing; the older one does not take its place.',
      { names: 'v1' },
    ),
    row('names-another-certificate', rfc(5816, '2.2.1'), 'The token names another certificate as its signer.', {
      namedCertificate: tsaRoot.der,
    }),
    row('message-digest', C, 'The digest of the content is another one.', { messageDigest: Buffer.alloc(32, 1) }),
    row('attribute-content-type', C, 'The attribute says that the content is of another type.', {
      attributeContentType: '1.2.840.113549.1.7.1',
    }),
    row('content-type', S, 'The content type of the token is not TSTInfo.', {
      contentType: '1.2.840.113549.1.7.1',
    }),
    row('no-message-digest', C, 'The digest of the content is missing.', {
      attributes: (list) => list.toSpliced(1, 1),
    }),
    row('no-content-type', C, 'The type of the content is missing.', { attributes: (list) => list.slice(1) }),
    row('version-2', S, 'A TSTInfo is of version 1.', { version: 2 }),
    row('two-signers', S, 'A token has the signature of one authority.', { signers: 2 }),
    row('no-signers', S, 'A token has the signature of one authority.', { signers: 0 }),
    row('no-certificates', rfc(3161, '2.4.1'), 'The certificate of the authority is in the token.', {
      certificates: [],
    }),
    row(
      'critical-extension',
      S,
      'An extension of the TSTInfo that is critical and unknown is not passed over.',
      { tstExtensions: [extension('1.3.6.1.4.1.99999.6', [0x05, 0x00], true)] },
      { requirement: 'SHOULD' },
    ),
  ];
}

function authorities() {
  const L = sections.leafCertificates;
  const A = sections.caCertificates;
  const with_ = (name, extensions, options = {}) => ({
    signer: issue('tsa', `Kit TSA ${name}`, { by: tsaRoot, extensions, ...options }),
  });
  const eku = (list, critical = true) => replacing(extendedKeyUsage(list, critical));
  const mid = (name, options) => issue('ca', `Kit TSA CA ${name}`, { by: tsaRoot, ...options });
  const under = (by) => ({ signer: issue('tsa', 'Kit TSA below', { by }) });
  return [
    row('strange-root', T, 'The root of the authority is in no tsa store.', {
      signer: issue('tsa', 'Kit Strange TSA', { by: stranger }),
    }),
    row('root-in-the-ca-store', D, 'A store of type ca trusts no timestamping authority.', {
      signer: issue('tsa', 'Kit TSA of the code signing root', { by: root }),
    }),
    row(
      'leaf-store',
      sections.trustStore,
      'A tsa store of something else than a root trusts nobody.',
      {},
      { stores: { ...stores.ca, 'tsa/kit': { 'tsa.pem': certificatePem(tsa) } } },
    ),
    row(
      'store-missing',
      sections.trustStore,
      'The tsa store does not exist.',
      {},
      { stores: stores.ca, requires: ['timestamp'] },
    ),
    row('purpose-missing', L, 'The purpose timeStamping is required.', with_('no purpose', without('2.5.29.37'))),
    row(
      'purpose-not-critical',
      L,
      'The purpose must be critical.',
      with_('purpose not critical', eku(['timeStamping'], false)),
    ),
    row(
      'two-purposes',
      L,
      'timeStamping must be the only purpose.',
      with_('two purposes', eku(['timeStamping', 'codeSigning'])),
    ),
    row('other-purpose', L, 'The purpose must be timeStamping.', with_('other purpose', eku(['codeSigning']))),
    row(
      'any-purpose',
      L,
      'The purpose must be timeStamping alone.',
      with_('any purpose', eku(['any', 'timeStamping'])),
    ),
    row('no-key-usage', L, 'Key usage is required.', with_('no usage', without('2.5.29.15'))),
    row(
      'key-usage-not-critical',
      L,
      'Key usage should be critical, and need not.',
      with_('usage not critical', replacing(keyUsage(['digitalSignature'], false))),
      good,
    ),
    row(
      'no-digital-signature',
      L,
      'digitalSignature must be set.',
      with_('no digital signature', replacing(keyUsage(['contentCommitment']))),
    ),
    row(
      'cert-sign',
      L,
      'keyCertSign must not be set.',
      with_('cert sign', replacing(keyUsage(['digitalSignature', 'keyCertSign']))),
    ),
    row('is-a-ca', L, 'cA must be false.', with_('ca', adding(basicConstraints({ ca: true })))),
    row(
      'ended-since',
      T,
      "The authority's certificate has ended since, but was valid then.",
      with_('ended since', (list) => list, { notAfter: '2025-12-31T23:59:59Z' }),
      good,
    ),
    row(
      'ended-before',
      T,
      "The authority's certificate had ended when it stamped.",
      with_('ended before', (list) => list, { notAfter: '2025-01-01T00:00:00Z' }),
    ),
    row(
      'not-yet-valid',
      T,
      "The authority's certificate was not valid yet when it stamped.",
      with_('not yet', (list) => list, { notBefore: '2025-12-01T00:00:00Z' }),
    ),
    row(
      'rsa',
      sections.algorithms,
      'An authority may sign with RSA.',
      with_('RSA', (list) => list, { spec: 'RSA-2048' }),
      good,
    ),
    row('intermediate', T, 'An authority may be below an intermediate.', under(mid('good')), good),
    row('intermediate-missing', T, 'The chain of the authority leads to no root.', (raw) => {
      const { signer } = under(mid('good'));
      return token(raw, { signer, certificates: [signer.der] });
    }),
    row(
      'intermediate-not-a-ca',
      A,
      'cA must be true on an authority above.',
      under(mid('no ca', { extensions: replacing(basicConstraints({ ca: false })) })),
    ),
    row(
      'intermediate-no-cert-sign',
      A,
      'keyCertSign must be set on an authority above.',
      under(mid('no cert sign', { extensions: replacing(keyUsage(['cRLSign'])) })),
    ),
    row(
      'broken-certificate',
      T,
      "The signature of the authority's certificate must hold.",
      with_('broken', (list) => list, { corrupt: true }),
    ),
  ];
}

function revoked() {
  const url = 'http://crl.kit.example/tsa.crl';
  const signer = issue('tsa', 'Kit TSA with CRL', { by: tsaRoot, extensions: adding(crlAt(url)) });
  const one = (id, why, content, more = {}) =>
    row(
      `revocation-${id}`,
      D,
      why,
      { signer },
      { evidence: [{ url, content, ...(content === undefined ? { status: 404 } : {}) }], ...more },
    );
  const listed = crl(tsaRoot, { revoked: [{ serial: signer.serial }] });
  return [
    one('good', 'The authority is not revoked.', crl(tsaRoot), good),
    one('revoked', 'The authority is revoked.', listed),
    one('unavailable', 'The status of the authority is not available.', undefined),
    one('skipped-for-signers', 'To skip revocation of signers does not skip that of the authority.', listed, {
      policy: stampPolicy({ override: { revocation: 'skip' } }),
    }),
    one('logged', 'Level permissive logs the authentic timestamp.', listed, {
      policy: stampPolicy({ level: 'permissive' }),
      expected: trusted('authenticTimestamp'),
      spec: sections.levels,
    }),
  ];
}

export const cases = () => {
  return [...times(), ...conditions(), ...imprints(), ...tokens(), ...authorities(), ...revoked()];
};
