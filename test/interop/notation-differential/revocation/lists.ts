import { concatBytes, utf8 } from '@notarykit/common';
import { encodeContext, encodeContextPrimitive, encodeSequence } from '@notarykit/pki/internal/asn1';
import { type CrlOptions, type ExtensionSpec, freshestCrl } from '@notarykit/testing';
import {
  after,
  before,
  clean,
  critical,
  crl,
  daysFromNow,
  type Entry,
  failure,
  garbage,
  type Make,
  reasons,
} from './scene.js';

const point = (value: Uint8Array, critical = true): CrlOptions => ({
  extensions: [{ oid: '2.5.29.28', critical, value }],
});
const flag = (number: number): Uint8Array => encodeSequence(encodeContextPrimitive(number, Uint8Array.of(0xff)));
export const fullName = (...names: readonly Uint8Array[]): Uint8Array => encodeContext(0, encodeContext(0, ...names));
export const uri = (url: string): Uint8Array => encodeContextPrimitive(6, utf8(url));
const anotherEntry = (extensions: readonly ExtensionSpec[]): CrlOptions => ({
  revoked: [{ serialNumber: 99n, extensions }],
});

/** What a distribution point gives, alone. */
export const lists: Readonly<Record<string, Make>> = {
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
export function withDelta(delta: Make, base: readonly Entry[] = [], number = 1): Make {
  return async (scene) => {
    scene.put('d0', await delta(scene));
    return crl(base, { number, extensions: [freshestCrl([scene.at('d0')])] })(scene);
  };
}

const delta = (entries: readonly Entry[] = [], more: CrlOptions = {}): Make =>
  crl(entries, { number: 2, baseNumber: 1, ...more });

export const deltas: Readonly<Record<string, Make>> = {
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
