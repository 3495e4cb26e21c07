import { concatBytes, utf8 } from '@notarykit/common';
import {
  encodeContext,
  encodeContextPrimitive,
  encodeElement,
  encodeNull,
  encodeOid,
  encodeSequence,
} from '@notarykit/pki/asn1';
import {
  type Authority,
  buildCrl,
  buildOcspResponse,
  type CrlOptions,
  certIdOf,
  createAuthority,
  type ExtensionSpec,
  freshestCrl,
  type Issued,
  type OcspResponseOptions,
  type Revocation,
  type RevocationReason,
  revocationReasons,
  type SingleResponse,
} from '@notarykit/testing';
import { forgeJws, type JwsChanges } from '../../../forge/jws.js';
import { type Case, jwsType, policyOf } from '../case.js';
import type { Differential } from '../differential.js';
import type { Loopback, Reply } from '../loopback.js';

/** Whom an answer is about, and who may give it. */
interface Scene {
  readonly lab: Authority;
  readonly other: Authority;
  readonly leaf: Issued;
  /** The address of a place of this case. */
  readonly at: (place: string) => string;
  readonly put: (place: string, reply: Reply) => void;
}

type Make = (scene: Scene) => Promise<Reply> | Reply;

/** One situation: what the certificate names, and what is answered there. */
interface Situation {
  readonly ocsp?: readonly Make[];
  readonly crl?: readonly Make[];
  /** The distribution points, written otherwise: from the addresses of `crl`. */
  readonly points?: (urls: readonly string[]) => Uint8Array;
  readonly more?: readonly ExtensionSpec[];
  /** Milliseconds for each request, where one of them is not answered. */
  readonly online?: number;
}

const dayMs = 86_400_000;
const daysFromNow = (days: number): Date => new Date(Date.now() + days * dayMs);
const garbage: Reply = { body: utf8('no answer at all') };
const failure = (status: number): Reply => ({ status, body: utf8('failed') });

type Responses = (one: SingleResponse, scene: Scene) => Promise<readonly SingleResponse[]> | readonly SingleResponse[];

/** An OCSP answer of the issuer. */
function ocsp(
  responses: Partial<SingleResponse> | Responses = {},
  options: Partial<OcspResponseOptions> | ((scene: Scene) => Promise<Partial<OcspResponseOptions>>) = {},
  change = (body: Uint8Array): Uint8Array => body,
): Make {
  return async (scene) => {
    const { lab, leaf } = scene;
    const one: SingleResponse = { certId: await certIdOf(lab.issuer, leaf.serialNumber) };
    const list = typeof responses === 'function' ? await responses(one, scene) : [{ ...one, ...responses }];
    const more = typeof options === 'function' ? await options(scene) : options;
    const body = change(await buildOcspResponse(list, { signer: lab.issuer, ...more }));
    return { headers: { 'Content-Type': 'application/ocsp-response' }, body };
  };
}

type Entry = Omit<Revocation, 'serialNumber'>;

/** A CRL of the issuer, with entries of the certificate. */
function crl(
  entries: readonly Entry[] = [],
  options: CrlOptions | ((scene: Scene) => CrlOptions) = {},
  signer: (scene: Scene) => Issued = ({ lab }) => lab.issuer,
  change = (body: Uint8Array): Uint8Array => body,
): Make {
  return async (scene) => {
    const revoked = entries.map((entry) => ({ ...entry, serialNumber: scene.leaf.serialNumber }));
    const more = typeof options === 'function' ? options(scene) : options;
    const body = change(await buildCrl(signer(scene), { revoked, ...more }));
    return { headers: { 'Content-Type': 'application/pkix-crl' }, body };
  };
}

const reasons = Object.keys(revocationReasons) as RevocationReason[];
const critical = (oid: string, value: Uint8Array = encodeNull()): ExtensionSpec => ({ oid, critical: true, value });
const before = new Date('2025-01-01T00:00:00Z');
const after = new Date('2025-12-01T00:00:00Z');
const good = ocsp();
const revoked = ocsp({ status: {} });
const clean = crl();
const listed = crl([{ reason: 'keyCompromise' }]);

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
const answers: Readonly<Record<string, Make>> = {
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

const point = (value: Uint8Array, critical = true): CrlOptions => ({
  extensions: [{ oid: '2.5.29.28', critical, value }],
});
const flag = (number: number): Uint8Array => encodeSequence(encodeContextPrimitive(number, Uint8Array.of(0xff)));
const fullName = (...names: readonly Uint8Array[]): Uint8Array => encodeContext(0, encodeContext(0, ...names));
const uri = (url: string): Uint8Array => encodeContextPrimitive(6, utf8(url));
const anotherEntry = (extensions: readonly ExtensionSpec[]): CrlOptions => ({
  revoked: [{ serialNumber: 99n, extensions }],
});

/** What a distribution point gives, alone. */
const lists: Readonly<Record<string, Make>> = {
  clean,
  ...Object.fromEntries(reasons.map((reason) => [`listed, ${reason}`, crl([{ reason }])])),
  'listed without a reason': crl([{}]),
  'listed tomorrow': crl([{ at: daysFromNow(1) }]),
  'listed, invalid since before': crl([{ invalidityDate: before }]),
  'listed, invalid since after': crl([{ invalidityDate: after }]),
  'listed for hold, invalid since after': crl([{ reason: 'certificateHold', invalidityDate: after }]),
  'hold, then removed': crl([
    { reason: 'certificateHold', at: new Date('2024-01-01T00:00:00Z') },
    { reason: 'removeFromCRL', at: new Date('2024-02-01T00:00:00Z') },
  ]),
  'removed, then hold': crl([
    { reason: 'removeFromCRL', at: new Date('2024-01-01T00:00:00Z') },
    { reason: 'certificateHold', at: new Date('2024-02-01T00:00:00Z') },
  ]),
  'hold after removal in the list': crl([
    { reason: 'removeFromCRL', at: new Date('2024-02-01T00:00:00Z') },
    { reason: 'certificateHold', at: new Date('2024-01-01T00:00:00Z') },
  ]),
  'removed and compromised': crl([{ reason: 'removeFromCRL' }, { reason: 'keyCompromise' }]),
  'no next update': crl([], { nextUpdate: null }),
  'next update yesterday': crl([], { thisUpdate: daysFromNow(-3), nextUpdate: daysFromNow(-1) }),
  'listed, next update yesterday': crl([{}], { thisUpdate: daysFromNow(-3), nextUpdate: daysFromNow(-1) }),
  'this update tomorrow': crl([], { thisUpdate: daysFromNow(1), nextUpdate: daysFromNow(2) }),
  'listed, this update tomorrow': crl([{}], { thisUpdate: daysFromNow(1), nextUpdate: daysFromNow(2) }),
  'this update before the certificate': crl([], { thisUpdate: new Date('2019-01-01T00:00:00Z') }),
  'no number': crl([], { number: null }),
  'version 1': crl([], { version: 1, number: null }),
  'SHA-384': crl([], { hash: 'sha384' }),
  'of another key': crl(
    [],
    ({ lab }) => ({ issuerDer: lab.issuer.subjectDer }),
    ({ other }) => other.issuer,
  ),
  'of another name': crl([], ({ other }) => ({ issuerDer: other.root.subjectDer })),
  'of another authority': crl([], {}, ({ other }) => other.issuer),
  'of the root': crl([], {}, ({ lab }) => lab.root),
  'critical extension': crl([], { extensions: [critical('1.2.3.4')] }),
  'unknown extension': crl([], { extensions: [{ ...critical('1.2.3.4'), critical: false }] }),
  'critical extension of its own entry': crl([{ extensions: [critical('1.2.3.4')] }]),
  'critical extension of another entry': crl([], anotherEntry([critical('1.2.3.4')])),
  'unknown extension of its own entry': crl([{ extensions: [{ ...critical('1.2.3.4'), critical: false }] }]),
  'another certificate listed': crl([], anotherEntry([])),
  'scope: none': crl([], point(encodeSequence())),
  'scope: not critical and none': crl([], point(encodeSequence(), false)),
  'scope: users': crl([], point(flag(1))),
  'scope: authorities': crl([], point(flag(2))),
  'listed, scope: authorities': crl([{}], point(flag(2))),
  'scope: attributes': crl([], point(flag(5))),
  'scope: indirect': crl([], point(flag(4))),
  'scope: some reasons': crl([], point(encodeSequence(encodeContextPrimitive(3, Uint8Array.of(6, 0x40))))),
  'scope: this place': crl([], ({ at }) => point(encodeSequence(fullName(uri(at('c0')))))),
  'scope: another place': crl([], point(encodeSequence(fullName(uri('http://elsewhere.test/x.crl'))))),
  'delta in place of a base': crl([], { number: 2, baseNumber: 1 }),
  'byte after the list': crl([], {}, undefined, (body) => concatBytes([body, Uint8Array.of(0)])),
  'cut list': crl([], {}, undefined, (body) => body.slice(0, -3)),
  'no text at all': () => ({}),
  garbage: () => garbage,
  PEM: crl([], {}, undefined, (body) =>
    utf8(`-----BEGIN X509 CRL-----\n${Buffer.from(body).toString('base64')}\n-----END X509 CRL-----\n`),
  ),
  'HTTP 404': () => failure(404),
  'HTTP 500': () => failure(500),
  'a cut connection': () => 'cut',
  redirect: redirected(1),
  'two redirects': redirected(2),
  'three redirects': redirected(3),
  'a redirect to itself': ({ at }) => ({ status: 302, headers: { Location: at('c0') } }),
  'a redirect without a place': () => ({ status: 302 }),
};

function redirected(times: number): Make {
  return async (scene) => {
    for (let i = 1; i < times; i++) scene.put(`r${i}`, { status: 302, headers: { Location: scene.at(`r${i + 1}`) } });
    scene.put(`r${times}`, await clean(scene));
    return { status: 302, headers: { Location: scene.at('r1') } };
  };
}

/** A base list that names a delta list. */
function withDelta(delta: Make, base: readonly Entry[] = [], number = 1): Make {
  return async (scene) => {
    scene.put('d0', await delta(scene));
    return crl(base, { number, extensions: [freshestCrl([scene.at('d0')])] })(scene);
  };
}

const delta = (entries: readonly Entry[] = [], more: CrlOptions = {}): Make =>
  crl(entries, { number: 2, baseNumber: 1, ...more });

const deltas: Readonly<Record<string, Make>> = {
  'clean delta': withDelta(delta()),
  'listed in the delta': withDelta(delta([{ reason: 'keyCompromise' }])),
  'listed in the base, removed by the delta': withDelta(delta([{ reason: 'removeFromCRL', at: after }]), [
    { reason: 'certificateHold' },
  ]),
  'compromised in the base, removed by the delta': withDelta(delta([{ reason: 'removeFromCRL', at: after }]), [
    { reason: 'keyCompromise' },
  ]),
  'hold in the delta': withDelta(delta([{ reason: 'certificateHold' }])),
  'outdated delta': withDelta(delta([], { thisUpdate: daysFromNow(-3), nextUpdate: daysFromNow(-1) })),
  'delta of the same number': withDelta(delta([], { number: 1 })),
  'delta for a later base': withDelta(delta([], { baseNumber: 5, number: 6 })),
  'delta without indicator': withDelta(delta([], { baseNumber: null })),
  'delta of another authority': withDelta(crl([], { number: 2, baseNumber: 1 }, ({ other }) => other.issuer)),
  'delta that is not there': withDelta(() => failure(404)),
  'delta that is garbage': withDelta(() => garbage),
  'listed in the base, delta that is not there': withDelta(() => failure(404), [{ reason: 'keyCompromise' }]),
};

const distributionPoint = (...parts: readonly Uint8Array[]): Uint8Array => encodeSequence(...parts);
const names = (...list: readonly Uint8Array[]): Uint8Array => distributionPoint(fullName(...list));
const directoryName = encodeContext(
  4,
  encodeSequence(encodeElement(0x31, encodeSequence(encodeOid('2.5.4.3'), encodeElement(0x0c, utf8('x'))))),
);
const someReasons = encodeContextPrimitive(1, Uint8Array.of(6, 0x40));
type Points = NonNullable<Situation['points']>;
const inOnePoint: Points = (urls) => encodeSequence(names(...urls.map(uri)));

/** How the distribution points are written, and what lies there. */
const places: Readonly<Record<string, Situation>> = {
  'two points, clean and clean': { crl: [clean, clean] },
  'two points, clean and listed': { crl: [clean, listed] },
  'two points, listed and clean': { crl: [listed, clean] },
  'two points, clean and missing': { crl: [clean, () => failure(404)] },
  'two points, missing and clean': { crl: [() => failure(404), clean] },
  'two points, listed and missing': { crl: [listed, () => failure(404)] },
  'two points, missing and listed': { crl: [() => failure(404), listed] },
  'two names, clean and clean': { crl: [clean, clean], points: inOnePoint },
  'two names, clean and listed': { crl: [clean, listed], points: inOnePoint },
  'two names, clean and missing': { crl: [clean, () => failure(404)], points: inOnePoint },
  'two names, missing and clean': { crl: [() => failure(404), clean], points: inOnePoint },
  'two names, missing and listed': { crl: [() => failure(404), listed], points: inOnePoint },
  'two names, listed and missing': { crl: [listed, () => failure(404)], points: inOnePoint },
  'directory name, then a clean place': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(names(directoryName, uri(url))),
  },
  'directory name, then a listed place': {
    crl: [listed],
    points: ([url = '']) => encodeSequence(names(directoryName, uri(url))),
  },
  'clean place, then a directory name': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(names(uri(url), directoryName)),
  },
  'directory name alone': { crl: [clean], points: () => encodeSequence(names(directoryName)) },
  'https and clean': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(names(uri('https://127.0.0.1:1/x')), names(uri(url))),
  },
  'https alone': { crl: [clean], points: () => encodeSequence(names(uri('https://127.0.0.1:1/x'))) },
  'ldap alone': { crl: [clean], points: () => encodeSequence(names(uri('ldap://127.0.0.1:1/x'))) },
  'ldap and clean': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(names(uri('ldap://127.0.0.1:1/x'), uri(url))),
  },
  'HTTP in upper case': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(names(uri(url.replace('http', 'HTTP')))),
  },
  'no URL': { crl: [clean], points: () => encodeSequence(names(uri('://'))) },
  'point without a name': { crl: [clean], points: () => encodeSequence(distributionPoint()) },
  'point for some reasons': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(distributionPoint(fullName(uri(url)), someReasons)),
  },
  'point for some reasons, listed': {
    crl: [listed],
    points: ([url = '']) => encodeSequence(distributionPoint(fullName(uri(url)), someReasons)),
  },
  'point with a list issuer': {
    crl: [clean],
    points: ([url = '']) => encodeSequence(distributionPoint(fullName(uri(url)), encodeContext(2, directoryName))),
  },
  'relative name': {
    crl: [clean],
    points: () =>
      encodeSequence(
        distributionPoint(
          encodeContext(0, encodeContext(1, encodeSequence(encodeOid('2.5.4.3'), encodeElement(0x0c, utf8('x'))))),
        ),
      ),
  },
  'no points': { crl: [clean], points: () => encodeSequence() },
  'freshest list in the certificate': { crl: [clean], more: [freshestCrl(['http://127.0.0.1:1/delta'])] },
};

/** Failures of OCSP after which the list is asked, or is not. */
const before404: readonly string[] = [
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
const fallbacks: Readonly<Record<string, Make>> = {
  'clean list': clean,
  listed: listed,
  'missing list': () => failure(404),
};

/** Several responders, in order. */
const orders: readonly (readonly string[])[] = [
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

const stall: Make = () => 'stall';
const patience = 3000;
const stalls: Readonly<Record<string, Situation>> = {
  'a responder that stalls': { ocsp: [stall], online: 300 },
  'a list that stalls': { crl: [stall], online: 300 },
  'a responder that stalls, then a good one': { ocsp: [stall, good], online: patience },
  'a responder that stalls, then a clean list': { ocsp: [stall], crl: [clean], online: patience },
  'a responder that stalls, then a list with it': { ocsp: [stall], crl: [listed], online: patience },
  'a delta that stalls': { crl: [withDelta(stall)], online: 300 },
};

const pick = (name: string): Make => answers[name] as Make;

/** Every situation by its name. */
function situations(): Readonly<Record<string, Situation>> {
  const one = (make: Make, kind: 'ocsp' | 'crl'): Situation => ({ [kind]: [make] });
  return {
    ...byName(answers, (name, make) => [`OCSP: ${name}`, one(make, 'ocsp')]),
    ...byName(lists, (name, make) => [`CRL: ${name}`, one(make, 'crl')]),
    ...byName(deltas, (name, make) => [`CRL: ${name}`, one(make, 'crl')]),
    ...Object.fromEntries(orders.map((order) => [`OCSP: ${order.join(', then ')}`, { ocsp: order.map(pick) }])),
    ...Object.fromEntries(
      before404.flatMap((name) =>
        Object.entries(fallbacks).map(([list, make]) => [
          `OCSP: ${name}; ${list}`,
          { ocsp: [pick(name)], crl: [make] },
        ]),
      ),
    ),
    ...byName(places, (name, situation) => [`places: ${name}`, situation]),
    ...stalls,
    'nobody to ask': {},
  };
}

function byName<T>(
  table: Readonly<Record<string, T>>,
  row: (name: string, value: T) => readonly [string, Situation],
): Record<string, Situation> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => row(name, value)));
}

const authentic: JwsChanges = {
  protected: (given) => ({
    ...given,
    'io.cncf.notary.signingTime': undefined,
    'io.cncf.notary.signingScheme': 'notary.x509.signingAuthority',
    'io.cncf.notary.authenticSigningTime': '2025-06-01T00:00:00Z',
    crit: ['io.cncf.notary.signingScheme', 'io.cncf.notary.authenticSigningTime'],
  }),
};

/** Which situations a row may explain that wants to be named. */
const named: readonly { readonly id: string; readonly cases: RegExp }[] = [
  { id: 'which certificate of an answer', cases: /certificate of the issuer|another certificate first/ },
  { id: 'names of a distribution point', cases: /directory name, then/ },
];

/** The cases of revocation: each situation with a signer's own time, and with that of a signing authority. */
export async function revocationCases(differential: Differential, loopback: Loopback): Promise<Case[]> {
  const lab = await createAuthority();
  const other = await createAuthority({ name: 'Other' });
  differential.put('revocation', [lab.root.certificate]);
  const cases: Case[] = [];
  for (const [i, [name, situation]] of Object.entries(situations()).entries()) {
    const leaf = await setUp(situation, `${i}`, { lab, other }, loopback);
    for (const [scheme, changes] of [
      ['', {}],
      [', with an authentic time', authentic],
    ] as const) {
      const envelope = { name, bytes: await forgeJws(leaf, changes), mediaType: jwsType };
      const policy = policyOf('revocation');
      const rows = named.filter((row) => row.cases.test(name)).map(({ id }) => id);
      cases.push({
        kind: 'revocation',
        name: `${name}${scheme}`,
        policy,
        envelope,
        online: situation.online ?? 20_000,
        rows,
        leaf: leaf.certificate,
      });
    }
  }
  return cases;
}

/** Issues the certificate of a situation, and puts the answers where it says. */
async function setUp(
  { ocsp: responders = [], crl: points = [], points: write, more = [] }: Situation,
  id: string,
  authorities: Pick<Scene, 'lab' | 'other'>,
  loopback: Loopback,
): Promise<Issued> {
  const at = (place: string): string => `${loopback.url}/${id}/${place}`;
  const crlUrls = points.map((_, i) => at(`c${i}`));
  const written = write === undefined ? [] : [{ oid: '2.5.29.31', critical: false, value: write(crlUrls) }];
  const leaf = await authorities.lab.issueLeaf({
    ocspUrls: responders.map((_, i) => at(`o${i}`)),
    crlUrls: write === undefined ? crlUrls : [],
    extensions: (list) => [...list, ...written, ...more],
  });
  const scene: Scene = { ...authorities, leaf, at, put: (place, reply) => loopback.put(`${id}/${place}`, reply) };
  for (const [i, make] of responders.entries()) scene.put(`o${i}`, await make(scene));
  for (const [i, make] of points.entries()) scene.put(`c${i}`, await make(scene));
  return leaf;
}
