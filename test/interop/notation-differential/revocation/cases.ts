import { createAuthority, type Issued } from '@notarykit/testing';
import { forgeJws, type JwsChanges } from '../../../forge/jws.js';
import { type Case, jwsType, policyOf } from '../case.js';
import type { Differential } from '../differential.js';
import type { Loopback } from '../loopback.js';
import { deltas, lists, withDelta } from './lists.js';
import { places } from './places.js';
import { answers, failing, orders, pick } from './responders.js';
import { clean, failure, good, listed, type Make, type Scene, type Situation } from './scene.js';

const fallbacks: Readonly<Record<string, Make>> = {
  'clean list': clean,
  listed: listed,
  'missing list': () => failure(404),
};

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

/** Every situation by its name. */
function situations(): Readonly<Record<string, Situation>> {
  const one = (make: Make, kind: 'ocsp' | 'crl'): Situation => ({ [kind]: [make] });
  return {
    ...byName(answers, (name, make) => [`OCSP: ${name}`, one(make, 'ocsp')]),
    ...byName(lists, (name, make) => [`CRL: ${name}`, one(make, 'crl')]),
    ...byName(deltas, (name, make) => [`CRL: ${name}`, one(make, 'crl')]),
    ...Object.fromEntries(orders.map((order) => [`OCSP: ${order.join(', then ')}`, { ocsp: order.map(pick) }])),
    ...Object.fromEntries(
      failing.flatMap((name) =>
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
