import { type Certificate, createRevocationChecker } from '@notarykit/pki';
import { checkCrl, parseCrl } from '@notarykit/pki/internal';
import {
  buildCrl,
  type CrlOptions,
  createAuthority,
  createAuthorityServices,
  crlDistributionPoints,
  type ExtensionSpec,
  freshestCrl,
  keyUsage,
} from '@notarykit/testing';
import { describe, expect, test } from 'vitest';
import { base, chainOf, days, now, type RevocationLab, revocationLab, withUnknownAlgorithm } from './revocation-lab.ts';

async function statusWith(crl: CrlOptions): Promise<string> {
  const { services, check } = await revocationLab('crl');
  services.misbehave({ crl });
  return (await check()).status;
}

const issuingPoint = (...content: number[]): ExtensionSpec => ({
  oid: '2.5.29.28',
  critical: true,
  value: Uint8Array.from([0x30, content.length, ...content]),
});
const unknownCritical = { oid: '1.2.3.4', critical: true, value: new Uint8Array([5, 0]) };

test('a listed certificate is revoked, another is good', async () => {
  const { authority, services, leaf, check } = await revocationLab('crl');
  services.revoke(await authority.issueLeaf());
  expect(await check()).toMatchObject({ status: 'good', evidence: [{ method: 'crl', outcome: 'good' }] });
  services.revoke(leaf, { reason: 'superseded', at: days(-3) });
  expect((await check()).evidence).toMatchObject([{ outcome: 'revoked', reason: 'superseded', revokedAt: days(-3) }]);
});

describe('R10 a CRL of another issuer, or one that is not current', () => {
  test.each<[string, CrlOptions, string]>([
    ['expired', { nextUpdate: days(-1) }, 'unavailable'],
    ['ends this second', { nextUpdate: now }, 'good'],
    ['without nextUpdate', { nextUpdate: null }, 'unavailable'],
    ['of the future', { thisUpdate: days(1), nextUpdate: days(2) }, 'unavailable'],
    ['expired, and lists the certificate', { nextUpdate: days(-1), revoked: [{ serialNumber: 7n }] }, 'unavailable'],
  ])('%s', async (_, crl, expected) => {
    expect(await statusWith(crl)).toBe(expected);
  });

  test('of another issuer, by name or by key', async () => {
    const { authority, services, check } = await revocationLab('crl');
    const stranger = await createAuthority({ intermediates: 0 });
    services.misbehave({ crl: { issuer: stranger.root } });
    expect((await check()).status).toBe('unavailable');
    services.misbehave({ crl: { issuerDer: (await authority.issueLeaf()).subjectDer } });
    expect((await check()).status).toBe('unavailable');
  });

  test('a CRL signed with an unknown algorithm', async () => {
    const { authority, services, check } = await revocationLab('crl');
    services.misbehave({ crl: { body: withUnknownAlgorithm(await buildCrl(authority.root, { now })) } });
    expect((await check()).evidence[0]).toMatchObject({
      outcome: 'unavailable',
      reason: expect.stringMatching(/algorithm/),
    });
  });

  test('a CRL of an issuer without the right to sign CRLs', async () => {
    const authority = await createAuthority({ intermediates: 0 });
    const extensions = (list: readonly ExtensionSpec[]): ExtensionSpec[] => [
      ...list.filter(({ oid }) => oid !== '2.5.29.15'),
      keyUsage(['keyCertSign']),
    ];
    const issuer = await authority.issueCa({ extensions });
    const services = createAuthorityServices(authority, { now: () => now, authorities: [issuer] });
    const leaf = await authority.issueLeaf({ issuer, crlUrls: [services.crlUrl(base, issuer)] });
    const [status] = await createRevocationChecker({ fetch: services.fetch }).check(chainOf(leaf), { now });
    expect(status?.status).toBe('unavailable');
  });
});

test('a CRL of version 1 has no extensions, nor have its entries', async () => {
  const { root } = (await revocationLab('crl')).authority;
  const malformed = expect.objectContaining({ code: 'ERR_PKI_REVOCATION' });
  const reasoned = [{ serialNumber: 1n, reason: 'superseded' as const }];
  const plain = await buildCrl(root, { version: 1, number: null, revoked: [{ serialNumber: 1n }] });
  expect(parseCrl(plain)).toMatchObject({ version: 1, entryCount: 1 });
  const numbered = await buildCrl(root, { version: 1 });
  expect(() => parseCrl(numbered)).toThrow(malformed);
  const withReason = await buildCrl(root, { version: 1, number: null, revoked: reasoned });
  expect(() => parseCrl(withReason)).toThrow(malformed);
});

describe('R11 the scope of a CRL', () => {
  test.each<[string, ExtensionSpec, string]>([
    ['end entities', issuingPoint(0x81, 1, 0xff), 'good'],
    ['CAs only', issuingPoint(0x82, 1, 0xff), 'unavailable'],
    ['attribute certificates only', issuingPoint(0x85, 1, 0xff), 'unavailable'],
    ['indirect', issuingPoint(0x84, 1, 0xff), 'unavailable'],
    ['some reasons', issuingPoint(0x83, 2, 6, 0x40), 'unavailable'],
    ['nothing', issuingPoint(), 'unavailable'],
    ['two at once', issuingPoint(0x81, 1, 0xff, 0x82, 1, 0xff), 'unavailable'],
    ['FALSE written out', issuingPoint(0x81, 1, 0), 'unavailable'],
  ])('%s', async (_, extension, expected) => {
    expect(await statusWith({ extensions: [extension] })).toBe(expected);
  });

  test('a name that is neither full nor relative is malformed', async () => {
    const { authority } = await revocationLab('crl');
    const crl = await buildCrl(authority.root, { now, extensions: [issuingPoint(0xa0, 2, 0xa2, 0)] });
    expect(() => parseCrl(crl)).toThrow(expect.objectContaining({ code: 'ERR_PKI_REVOCATION' }));
  });

  test('another distribution point', async () => {
    const { services, check } = await revocationLab('crl');
    const pointOf = (url: string): ExtensionSpec => {
      const name = crlDistributionPoints([url]).value.slice(4);
      return { oid: '2.5.29.28', critical: true, value: Uint8Array.from([0x30, name.length, ...name]) };
    };
    services.misbehave({ crl: { extensions: [pointOf('http://other.test/1.crl')] } });
    expect((await check()).status).toBe('unavailable');
    services.misbehave({ crl: { extensions: [pointOf(services.crlUrl(base))] } });
    expect((await check()).status).toBe('good');
  });

  test('a CRL for some reasons that does not list the certificate is not enough', async () => {
    const { services, check } = await revocationLab('crl');
    services.misbehave({ crl: { extensions: [issuingPoint(0x83, 2, 6, 0x40)] } });
    const [evidence] = (await check()).evidence;
    expect(evidence).toMatchObject({
      outcome: 'good',
      reason: expect.stringContaining('some revocation reasons only'),
    });
    services.misbehave({});
    expect((await check()).evidence[0]).not.toHaveProperty('reason');
  });

  test('a CRL for some reasons can revoke', async () => {
    const { services, leaf, check } = await revocationLab('crl');
    const revoked = [{ serialNumber: leaf.serialNumber, reason: 'keyCompromise' as const }];
    services.misbehave({ crl: { revoked, extensions: [issuingPoint(0x83, 2, 6, 0x40)] } });
    expect((await check()).status).toBe('revoked');
  });
});

describe('R12 critical extensions that are not understood', () => {
  test.each<[string, CrlOptions, string]>([
    ['of the CRL', { extensions: [unknownCritical] }, 'unavailable'],
    ['of an entry, whoever’s', { revoked: [{ serialNumber: 7n, extensions: [unknownCritical] }] }, 'unavailable'],
    ['not critical', { extensions: [{ ...unknownCritical, critical: false }] }, 'good'],
  ])('%s', async (_, crl, expected) => {
    expect(await statusWith(crl)).toBe(expected);
  });
});

describe('R13 delta CRLs', () => {
  async function deltaLab(): Promise<RevocationLab & { announced: CrlOptions }> {
    const lab = await revocationLab('crl');
    return { ...lab, announced: { number: 1, extensions: [freshestCrl([lab.services.deltaUrl(base)])] } };
  }

  test.each<[string, CrlOptions, string]>([
    ['newer', { number: 2, baseNumber: 1 }, 'good'],
    ['no newer than its base', { number: 1, baseNumber: 1 }, 'unavailable'],
    ['for a newer base', { number: 3, baseNumber: 2 }, 'unavailable'],
    ['without indicator', { number: 2, baseNumber: null }, 'unavailable'],
    ['without number', { number: null, baseNumber: 1 }, 'unavailable'],
    ['expired', { number: 2, baseNumber: 1, nextUpdate: days(-1) }, 'unavailable'],
    ['of another scope', { number: 2, baseNumber: 1, extensions: [issuingPoint(0x81, 1, 0xff)] }, 'unavailable'],
  ])('%s', async (_, delta, expected) => {
    const { services, announced, check } = await deltaLab();
    services.misbehave({ crl: announced, delta });
    expect((await check()).status).toBe(expected);
  });

  test('of another issuer, or missing though announced', async () => {
    const { services, announced, check } = await deltaLab();
    services.misbehave({ crl: announced, delta: { issuer: (await createAuthority({ intermediates: 0 })).root } });
    expect((await check()).status).toBe('unavailable');
    services.misbehave({ crl: announced, delta: { body: new Uint8Array() } });
    expect((await check()).status).toBe('unavailable');
  });

  test('announced by the base, and not given', async () => {
    const { authority, leaf, announced } = await deltaLab();
    const base = parseCrl(await buildCrl(authority.root, { now, ...announced }));
    const [certificate, ...issuers] = chainOf(leaf);
    const verdict = await checkCrl({ base }, { certificate: certificate as Certificate, issuers, now });
    expect(verdict.outcome).toBe('unavailable');
  });

  test('a delta in place of a base, and a delta that only the certificate announces', async () => {
    expect(await statusWith({ number: 2, baseNumber: 1 })).toBe('unavailable');
    const extensions = (list: readonly ExtensionSpec[]): ExtensionSpec[] => [...list, freshestCrl(['http://a.test/'])];
    expect((await (await revocationLab('crl', { extensions })).check()).status).toBe('unavailable');
  });

  test('certificateHold and removeFromCRL: the latest entry decides', async () => {
    const { services, leaf, announced, check } = await deltaLab();
    const { serialNumber } = leaf;
    const hold = (at: Date) => [{ serialNumber, at, reason: 'certificateHold' as const }];
    const removed = (at: Date) => [{ serialNumber, at, reason: 'removeFromCRL' as const }];
    const delta = { number: 2, baseNumber: 1 };
    services.misbehave({ crl: { ...announced, revoked: hold(days(-5)) }, delta });
    expect((await check()).status).toBe('revoked');
    services.misbehave({
      crl: { ...announced, revoked: hold(days(-5)) },
      delta: { ...delta, revoked: removed(days(-3)) },
    });
    expect((await check()).status).toBe('good');
    services.misbehave({
      crl: { ...announced, revoked: hold(days(-3)) },
      delta: { ...delta, revoked: removed(days(-5)) },
    });
    expect((await check()).status).toBe('revoked');
    const forever = { serialNumber, at: days(-9), reason: 'keyCompromise' as const };
    services.misbehave({ crl: { ...announced, revoked: [forever] }, delta: { ...delta, revoked: removed(days(-3)) } });
    expect((await check()).status).toBe('revoked');
  });
});

test('R8 an invalidity date in a CRL counts only with an authentic signing time before it', async () => {
  const { services, leaf, check } = await revocationLab('crl');
  services.revoke(leaf, { invalidityDate: days(-10) });
  expect((await check()).status).toBe('revoked');
  expect((await check({ authenticSigningTime: days(-11) })).status).toBe('good');
  expect((await check({ authenticSigningTime: days(-9) })).status).toBe('revoked');
});

test('every distribution point must answer, and any of them can revoke', async () => {
  const authority = await createAuthority({ intermediates: 0 });
  const services = createAuthorityServices(authority, { now: () => now });
  const crlUrls = ['http://gone.test/', services.crlUrl(base)];
  const leaf = await authority.issueLeaf({ crlUrls });
  const check = async (): Promise<string | undefined> =>
    (await createRevocationChecker({ fetch: services.fetch }).check(chainOf(leaf), { now }))[0]?.status;
  expect(await check()).toBe('unavailable');
  services.revoke(leaf);
  expect(await check()).toBe('revoked');
});
