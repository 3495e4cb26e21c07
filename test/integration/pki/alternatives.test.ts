import type { Bytes, Fetch } from '@notarykit/common';
import {
  type Certificate,
  type CertificateStatus,
  createRevocationChecker,
  encodePem,
  offlineRevocationChecker,
  type RevocationCheckerOptions,
  recordingRevocationChecker,
} from '@notarykit/pki';
import {
  buildCrl,
  buildOcspResponse,
  type CrlOptions,
  certIdOf,
  createAuthority,
  crlDistributionPoints,
  type Issued,
  ocspResponders,
  type SingleResponse,
} from '@notarykit/testing';
import { describe, expect, test } from 'vitest';
import { chainOf, days, now } from './revocation-lab.ts';

const authority = await createAuthority({ intermediates: 0 });
const stranger = await createAuthority({ intermediates: 0 });
const places = { crls: '2.5.29.31', responders: '1.3.6.1.5.5.7.1.1' };
const listsIt = (leaf: Issued) => ({ revoked: [{ serialNumber: leaf.serialNumber }] });
const crlOf = (options: CrlOptions = {}, issuer = authority.root) => buildCrl(issuer, { now, ...options });

/** A leaf whose distribution points are these lists of names, and whose responders are these. */
const leafWith = (points: readonly (readonly string[])[], responders: readonly string[] = []): Promise<Issued> =>
  authority.issueLeaf({
    extensions: (defaults) => [
      ...defaults.filter(({ oid }) => oid !== places.crls && oid !== places.responders),
      ...(points.length === 0 ? [] : [crlDistributionPoints(points)]),
      ...(responders.length === 0 ? [] : [ocspResponders(responders)]),
    ],
  });

type Answer = Bytes | string | number | { readonly location: string };

/** Answers by the beginning of a URL; what is not here is status 404. */
function network(answers: Readonly<Record<string, Answer | undefined>>) {
  const asked: string[] = [];
  const fetch: Fetch = async (url) => {
    const [name, answer = 404] = Object.entries(answers).find(([place]) => url.startsWith(place)) ?? [url];
    asked.push(name);
    if (typeof answer === 'number') return new Response('no', { status: answer });
    if (typeof answer === 'object' && 'location' in answer)
      return new Response(null, { status: 302, headers: { location: answer.location } });
    return new Response(answer);
  };
  return { asked, fetch };
}

async function check(
  leaf: Issued,
  answers: Parameters<typeof network>[0],
  options: Partial<RevocationCheckerOptions> = { alternatives: true },
): Promise<CertificateStatus & { readonly asked: readonly string[] }> {
  const { asked, fetch } = network(answers);
  const [status] = await createRevocationChecker({ fetch, ...options }).check(chainOf(leaf), { now });
  return { ...(status as CertificateStatus), asked };
}

const [first, second, third] = ['http://a.test/1.crl', 'http://b.test/2.crl', 'http://c.test/3.crl'];
const directory = 'ldap:///CN=ca,DC=example?certificateRevocationList?base';

describe('R22 the names in one distribution point', async () => {
  const leaf = await leafWith([[directory, first, second]]);
  const good = await crlOf();
  const revoked = await crlOf(listsIt(leaf));
  const outdated = { thisUpdate: days(-9), nextUpdate: days(-2) };
  const late = await crlOf({ ...listsIt(leaf), ...outdated });
  const lateGood = await crlOf(outdated);
  const forged = await crlOf({ ...listsIt(leaf), issuerDer: authority.root.subjectDer }, stranger.root);

  test('must all answer, unless the option treats them as alternatives', async () => {
    expect((await check(leaf, { [first]: good, [second]: good }, {})).status).toBe('unavailable');
    expect((await check(leaf, { [first]: good, [second]: good })).status).toBe('good');
  });

  test('are asked in order, until one gives a current answer', async () => {
    const { status, asked, evidence } = await check(leaf, { [first]: good, [second]: revoked });
    expect([status, asked]).toEqual(['good', [first]]);
    expect(evidence).toMatchObject([{ url: directory, outcome: 'unavailable' }, { outcome: 'good' }]);
  });

  test.each<[string, Readonly<Record<string, Answer>>, string]>([
    ['the first is down', { [first]: 503, [second]: good }, 'good'],
    ['the first is outdated', { [first]: lateGood, [second]: good }, 'good'],
    ['the first is forged', { [first]: forged, [second]: good }, 'good'],
    ['the first is not a CRL', { [first]: 'sorry', [second]: good }, 'good'],
    ['the second says revoked', { [first]: 503, [second]: revoked }, 'revoked'],
    ['an outdated one says revoked', { [first]: late, [second]: good }, 'revoked'],
    ['only an outdated one is there, and says revoked', { [first]: late }, 'revoked'],
    ['only an outdated one is there', { [first]: lateGood }, 'unavailable'],
    ['only a forged one is there', { [first]: forged }, 'unavailable'],
    ['none answers', {}, 'unavailable'],
  ])('%s', async (_, answers, expected) => {
    expect((await check(leaf, answers)).status).toBe(expected);
  });

  test('an outdated revocation decides nothing without the option, as in notation', async () => {
    const one = await leafWith([[first]]);
    const crl = await crlOf({ ...listsIt(one), ...outdated });
    expect((await check(one, { [first]: crl }, {})).status).toBe('unavailable');
    expect((await check(one, { [first]: crl })).status).toBe('revoked');
  });

  test('of one point do not count for those of another', async () => {
    const two = await leafWith([[first, second], [third]]);
    expect((await check(two, { [first]: good, [second]: good })).status).toBe('unavailable');
    expect((await check(two, { [second]: good, [third]: good })).status).toBe('good');
    const listed = await crlOf(listsIt(two));
    expect((await check(two, { [first]: good, [third]: listed })).status).toBe('revoked');
  });

  test('are alternatives in a recording, too', async () => {
    const { fetch } = network({ [second]: good });
    const recording = recordingRevocationChecker({ fetch, alternatives: true });
    const chain: readonly Certificate[] = chainOf(leaf);
    await recording.check(chain, { now });
    const { answers } = recording;
    const statusBy = async (alternatives: boolean) =>
      (await offlineRevocationChecker({ answers, alternatives }).check(chain, { now }))[0]?.status;
    expect([await statusBy(true), await statusBy(false)]).toEqual(['good', 'unavailable']);
  });
});

describe('R22 several responders', async () => {
  const urls = ['http://a.ocsp.test', 'http://b.ocsp.test'] as const;
  const leaf = await leafWith([], urls);
  const certId = await certIdOf(authority.root, leaf.serialNumber);
  const says = (status: SingleResponse['status'], times: Partial<SingleResponse> = {}) =>
    buildOcspResponse([{ certId, status: status as 'good', ...times }], { signer: authority.root, now });
  const outdated = { thisUpdate: days(-9), nextUpdate: days(-2) };

  test.each<[string, readonly [Answer, Answer], string, string]>([
    ['one is down', [503, await says('good')], 'good', 'good'],
    ['one does not know the certificate', [await says('unknown'), await says('good')], 'unavailable', 'good'],
    ['one does not know it, the other says revoked', [await says('unknown'), await says({})], 'unavailable', 'revoked'],
    ['none knows it', [await says('unknown'), await says('unknown')], 'unavailable', 'unavailable'],
    ['an outdated answer says revoked', [await says({}, outdated), await says('good')], 'good', 'revoked'],
    ['an outdated answer says good', [await says('good', outdated), 503], 'unavailable', 'unavailable'],
  ])('%s', async (_, [a, b], alone, together) => {
    const answers = { [urls[0]]: a, [urls[1]]: b };
    expect((await check(leaf, answers, {})).status).toBe(alone);
    expect((await check(leaf, answers)).status).toBe(together);
  });
});

describe('R22 CRLs in PEM', async () => {
  const leaf = await leafWith([[first]]);
  const pem = encodePem(['X509', 'CRL'].join(' '), await crlOf());

  test('are read on request, and recorded as DER', async () => {
    expect((await check(leaf, { [first]: pem }, {})).status).toBe('unavailable');
    const words = `Certificate Revocation List (CRL):\n${pem.replaceAll('\n', '\r\n')}`;
    for (const text of [pem, words])
      expect((await check(leaf, { [first]: text }, { pemCrls: true })).status).toBe('good');
    const recording = recordingRevocationChecker({ fetch: network({ [first]: pem }).fetch, pemCrls: true });
    await recording.check(chainOf(leaf), { now });
    const offline = offlineRevocationChecker({ answers: recording.answers });
    expect((await offline.check(chainOf(leaf), { now }))[0]?.status).toBe('good');
  });

  test.each<[string, string]>([
    ['two of them', pem + pem],
    ['a certificate', authority.root.pem],
    ['a CRL whose end is missing', pem.slice(0, 200)],
    ['a page', '<html></html>'],
  ])('%s is none', async (_, text) => {
    const { status, evidence } = await check(leaf, { [first]: text }, { pemCrls: true });
    expect(status).toBe('unavailable');
    expect(evidence[0]?.error).toMatchObject({ code: 'ERR_PKI_REVOCATION' });
  });
});

describe('R22 redirects to https', async () => {
  const leaf = await leafWith([[first]]);
  const secure = 'https://secure.test/1.crl';
  const good = await crlOf();
  const httpsRedirects = true;

  test('are followed on request', async () => {
    const answers = { [first]: { location: secure }, [secure]: good };
    expect((await check(leaf, answers, {})).status).toBe('unavailable');
    expect((await check(leaf, answers, { httpsRedirects })).status).toBe('good');
  });

  test.each(['https://127.0.0.1/1.crl', 'https://localhost/', 'https://u:p@secure.test/', 'ftp://secure.test/'])(
    'go nowhere that http may not go: %s',
    async (location) => {
      const { status, asked } = await check(leaf, { [first]: { location }, [location]: good }, { httpsRedirects });
      expect([status, asked]).toEqual(['unavailable', [first]]);
    },
  );

  test('are the only way there: a certificate names http', async () => {
    const direct = await leafWith([[secure]]);
    const { status, asked } = await check(direct, { [secure]: good }, { httpsRedirects });
    expect([status, asked]).toEqual(['unavailable', []]);
  });
});

test('R22 a present but empty list of revoked certificates revokes none', async () => {
  const leaf = await leafWith([[first]]);
  const empty = await crlOf({ entriesDer: new Uint8Array() });
  expect((await check(leaf, { [first]: empty }, {})).status).toBe('good');
});

test('R22 each option changes the identity of the checker', () => {
  const fetch: Fetch = async () => new Response();
  const ways = [{}, { alternatives: true }, { pemCrls: true }, { httpsRedirects: true }];
  const identities = ways.map((options) => createRevocationChecker({ fetch, ...options }).identity);
  expect(new Set(identities).size).toBe(ways.length);
});
