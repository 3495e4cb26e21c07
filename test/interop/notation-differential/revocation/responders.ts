import { concatBytes, utf8 } from '@notarykit/common';
import { encodeElement } from '@notarykit/pki/internal/asn1';
import { type Authority, certIdOf, type ExtensionSpec, type OcspResponseOptions } from '@notarykit/testing';
import {
  after,
  before,
  critical,
  daysFromNow,
  failure,
  garbage,
  good,
  type Make,
  ocsp,
  reasons,
  revoked,
} from './scene.js';

const byDelegate = (
  options: Parameters<Authority['issueOcspResponder']>[0],
  more: Partial<OcspResponseOptions> = {},
): Make =>
  ocsp({}, async ({ lab }) => {
    const signer = await lab.issueOcspResponder(options);
    return { signer, certificates: [signer.certificate], ...more };
  });
const dropping =
  (oid: string) =>
  (list: readonly ExtensionSpec[]): readonly ExtensionSpec[] =>
    list.filter((one) => one.oid !== oid);
const extendedKeyUsage = '2.5.29.37';
const noCheck = '1.3.6.1.5.5.7.48.1.5';

/** What an OCSP responder says, alone. */
export const answers: Readonly<Record<string, Make>> = {
  good,
  revoked,
  unknown: ocsp({ status: 'unknown' }),
  ...Object.fromEntries(reasons.map((reason) => [`revoked, ${reason}`, ocsp({ status: { reason } })])),
  'revoked tomorrow': ocsp({ status: { at: daysFromNow(1) } }),
  'revoked, invalid since before': ocsp({ status: { invalidityDate: before } }),
  'revoked, invalid since after': ocsp({ status: { invalidityDate: after } }),
  'no next update': ocsp({ nextUpdate: null }),
  'next update yesterday': ocsp({ thisUpdate: daysFromNow(-3), nextUpdate: daysFromNow(-1) }),
  'revoked, next update yesterday': ocsp({ status: {}, thisUpdate: daysFromNow(-3), nextUpdate: daysFromNow(-1) }),
  'this update tomorrow': ocsp({ thisUpdate: daysFromNow(1), nextUpdate: daysFromNow(2) }),
  'this update long ago': ocsp({ thisUpdate: daysFromNow(-300), nextUpdate: daysFromNow(300) }),
  'this update before the certificate': ocsp({ thisUpdate: new Date('2019-01-01T00:00:00Z') }),
  'produced tomorrow': ocsp({}, { producedAt: daysFromNow(1) }),
  'by the name of the key': ocsp({}, { responderId: 'key' }),
  'with a nonce that nobody asked for': ocsp({}, { nonce: new Uint8Array(16) }),
  'signature that is none': ocsp({}, { corrupt: true }),
  'revoked, signature that is none': ocsp({ status: {} }, { corrupt: true }),
  'SHA-512': ocsp({}, { hash: 'sha512' }),
  'about another certificate': ocsp(async (one, { lab }) => [{ ...one, certId: await certIdOf(lab.issuer, 77n) }]),
  'about a certificate of another issuer': ocsp(async (one, { other, leaf }) => [
    { ...one, certId: await certIdOf(other.issuer, leaf.serialNumber) },
  ]),
  'about nobody': ocsp(() => []),
  'good, then revoked': ocsp((one) => [one, { ...one, status: {} }]),
  'revoked, then good': ocsp((one) => [{ ...one, status: {} }, one]),
  'good twice': ocsp((one) => [one, one]),
  'good, then unknown': ocsp((one) => [one, { ...one, status: 'unknown' }]),
  'about two certificates': ocsp(async (one, { lab }) => [
    { ...one, certId: await certIdOf(lab.issuer, 77n), status: {} },
    one,
  ]),
  'critical extension': ocsp({}, { extensions: [critical('1.2.3.4')] }),
  'critical extension of the single answer': ocsp({ extensions: [critical('1.2.3.4')] }),
  'unknown extension': ocsp({ extensions: [{ ...critical('1.2.3.4'), critical: false }] }),
  'of the root': ocsp({}, ({ lab }) => Promise.resolve({ signer: lab.root })),
  'of the root, with its certificate': ocsp({}, ({ lab }) =>
    Promise.resolve({ signer: lab.root, certificates: [lab.root.certificate] }),
  ),
  'with the certificate of the issuer': ocsp({}, ({ lab }) =>
    Promise.resolve({ certificates: [lab.issuer.certificate] }),
  ),
  'of the certificate itself': ocsp({}, ({ leaf }) =>
    Promise.resolve({ signer: leaf, certificates: [leaf.certificate] }),
  ),
  'of another authority': ocsp({}, ({ other }) =>
    Promise.resolve({ signer: other.issuer, certificates: [other.issuer.certificate] }),
  ),
  delegated: byDelegate({}),
  'delegated, by key': byDelegate({}, { responderId: 'key' }),
  'delegated, revoked': ocsp({ status: {} }, async ({ lab }) => {
    const signer = await lab.issueOcspResponder();
    return { signer, certificates: [signer.certificate] };
  }),
  'delegated without the purpose': byDelegate({ extensions: dropping(extendedKeyUsage) }),
  'delegated, ended': byDelegate({ notAfter: daysFromNow(-1) }),
  'delegated, not yet valid': byDelegate({ notBefore: daysFromNow(1) }),
  'delegated without nocheck': byDelegate({ extensions: dropping(noCheck) }),
  'delegated, without its certificate': byDelegate({}, { certificates: [] }),
  'delegated by another authority': ocsp({}, async ({ other }) => {
    const signer = await other.issueOcspResponder();
    return { signer, certificates: [signer.certificate] };
  }),
  'delegated, another certificate first': ocsp({}, async ({ lab, leaf }) => {
    const signer = await lab.issueOcspResponder();
    return { signer, certificates: [leaf.certificate, signer.certificate] };
  }),
  'delegated, another certificate last': ocsp({}, async ({ lab, leaf }) => {
    const signer = await lab.issueOcspResponder();
    return { signer, certificates: [signer.certificate, leaf.certificate] };
  }),
  ...Object.fromEntries(
    (['malformedRequest', 'internalError', 'tryLater', 'sigRequired', 'unauthorized'] as const).map(
      (responseStatus) => [`status ${responseStatus}`, ocsp({}, { responseStatus })],
    ),
  ),
  'byte after the answer': ocsp({}, {}, (body) => concatBytes([body, Uint8Array.of(0)])),
  'cut answer': ocsp({}, {}, (body) => body.slice(0, -3)),
  'large answer': ocsp({
    extensions: [{ oid: '1.2.3.4', critical: false, value: encodeElement(4, new Uint8Array(15_000)) }],
  }),
  'answer over 20,480 bytes': ocsp({
    extensions: [{ oid: '1.2.3.4', critical: false, value: encodeElement(4, new Uint8Array(30_000)) }],
  }),
  'answer over 64 KiB': ocsp({
    extensions: [{ oid: '1.2.3.4', critical: false, value: encodeElement(4, new Uint8Array(70_000)) }],
  }),
  'no text at all': () => ({}),
  garbage: () => garbage,
  'an HTML page': () => ({ headers: { 'Content-Type': 'text/html' }, body: utf8('<html></html>') }),
  'HTTP 404': () => failure(404),
  'HTTP 500': () => failure(500),
  'HTTP 503': () => failure(503),
  'HTTP 204': () => ({ status: 204 }),
  'a cut connection': () => 'cut',
};

/** Several responders, in order. */
export const orders: readonly (readonly string[])[] = [
  ['good', 'revoked'],
  ['revoked', 'good'],
  ['unknown', 'good'],
  ['unknown', 'revoked'],
  ['HTTP 500', 'good'],
  ['HTTP 500', 'revoked'],
  ['garbage', 'good'],
  ['signature that is none', 'revoked'],
  ['next update yesterday', 'good'],
  ['next update yesterday', 'revoked'],
  ['status tryLater', 'unknown'],
  ['HTTP 500', 'HTTP 404'],
  ['HTTP 500', 'HTTP 500', 'good'],
  ['about another certificate', 'good'],
];

/** Failures of OCSP after which the list is asked, or is not. */
export const failing: readonly string[] = [
  'good',
  'revoked',
  'unknown',
  'HTTP 500',
  'status tryLater',
  'signature that is none',
  'next update yesterday',
  'garbage',
  'status unauthorized',
  'delegated without the purpose',
  'about another certificate',
];

export const pick = (name: string): Make => answers[name] as Make;
