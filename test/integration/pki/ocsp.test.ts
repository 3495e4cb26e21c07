import { utf8 } from '@notarykit/common';
import { createRevocationChecker } from '@notarykit/pki';
import {
  buildOcspResponse,
  certIdOf,
  createAuthority,
  createAuthorityServices,
  extendedKeyUsage,
  faults,
  keyUsage,
  type OcspFault,
  purposes,
  type SingleResponse,
} from '@notarykit/testing';
import { describe, expect, test } from 'vitest';
import { base, chainOf, days, now, revocationLab, withUnknownAlgorithm } from './revocation-lab.ts';

/** The lab's answer when its responder misbehaves, and no CRL can help. */
async function statusWith(fault: OcspFault): Promise<string> {
  const { services, check } = await revocationLab('ocsp');
  services.misbehave({ ocsp: fault });
  return (await check()).status;
}

const changed = (change: Partial<SingleResponse>): OcspFault => ({
  responses: (list) => list.map((one) => ({ ...one, ...change })),
});
const unknownCritical = { oid: '1.2.3.4', critical: true, value: new Uint8Array([5, 0]) };

test('a good answer is good, a revoked one says when and why', async () => {
  const { services, leaf, check } = await revocationLab('ocsp');
  expect(await check()).toMatchObject({ status: 'good', evidence: [{ method: 'ocsp', url: services.ocspUrl(base) }] });
  services.revoke(leaf, { reason: 'keyCompromise', at: days(-10) });
  const { status, evidence } = await check();
  expect(status).toBe('revoked');
  expect(evidence).toMatchObject([{ outcome: 'revoked', reason: 'keyCompromise', revokedAt: days(-10) }]);
});

describe('R1 a responder that does not answer', () => {
  test.each([
    ['404', { transport: faults.status({ status: 404 }) }],
    ['500', { transport: faults.status({ status: 500 }) }],
    ['a cut connection', { transport: faults.cut() }],
    ['nothing at all', { transport: faults.stall() }],
    ['an empty body', { body: new Uint8Array() }],
    ['HTML', { body: utf8('<html>') }],
    ['more than the limit', { body: new Uint8Array(70_000) }],
    ['an endless body', { transport: faults.endlessBody() }],
  ])('%s: the CRL is asked, then it is unavailable', async (_, ocsp) => {
    const both = await revocationLab('both');
    both.services.misbehave({ ocsp });
    expect(await both.check({ ocspTimeoutMs: 100 })).toMatchObject({
      status: 'good',
      evidence: [
        { method: 'ocsp', outcome: 'unavailable' },
        { method: 'crl', outcome: 'good' },
      ],
    });
    both.services.revoke(both.leaf);
    expect((await both.check({ ocspTimeoutMs: 100 })).status).toBe('revoked');
    both.services.misbehave({ ocsp, crl: { body: utf8('no CRL') } });
    expect((await both.check({ ocspTimeoutMs: 100 })).status).toBe('unavailable');
  });

  test('the next responder is asked', async () => {
    const authority = await createAuthority({ intermediates: 0 });
    const services = createAuthorityServices(authority, { now: () => now });
    const leaf = await authority.issueLeaf({ ocspUrls: ['http://gone.test/nothing', services.ocspUrl(base)] });
    const [status] = await createRevocationChecker({ fetch: services.fetch }).check(chainOf(leaf), { now });
    expect(status).toMatchObject({ status: 'good', evidence: [{ outcome: 'unavailable' }, { outcome: 'good' }] });
  });
});

test('R2 an answer about another serial number or issuer does not count', async () => {
  const { authority, services, check } = await revocationLab('ocsp');
  const other = await authority.issueLeaf();
  const stranger = await createAuthority();
  for (const certId of [
    await certIdOf(authority.root, other.serialNumber),
    await certIdOf(stranger.root, other.serialNumber),
  ]) {
    services.misbehave({ ocsp: changed({ certId }) });
    expect((await check()).status).toBe('unavailable');
  }
});

describe('R3 an answer by a responder that the issuer did not authorize', () => {
  test.each([
    'other CA',
    'the certificate itself',
    'sibling without OCSPSigning',
    'expired delegate',
    'delegate of another CA',
  ])('%s', async (who) => {
    const { authority, services, leaf, check } = await revocationLab('ocsp');
    const stranger = await createAuthority({ name: 'Stranger', intermediates: 0 });
    const signers = {
      'other CA': stranger.root,
      'the certificate itself': leaf,
      'sibling without OCSPSigning': await authority.issueLeaf(),
      'expired delegate': await authority.issueOcspResponder({ notAfter: days(-1) }),
      'delegate of another CA': await stranger.issueOcspResponder(),
    } as const;
    const signer = signers[who as keyof typeof signers];
    services.misbehave({ ocsp: { signer, certificates: [signer.certificate] } });
    expect((await check()).status).toBe('unavailable');
  });

  test('accepts an authorized delegate, by name and by key', async () => {
    const { authority, services, check } = await revocationLab('ocsp');
    const signer = await authority.issueOcspResponder();
    for (const responderId of ['name', 'key'] as const) {
      services.misbehave({ ocsp: { signer, responderId, certificates: [signer.certificate] } });
      expect((await check()).status).toBe('good');
    }
  });

  test('delegate of a CA that has the name, but not the key', async () => {
    const { services, check } = await revocationLab('ocsp');
    const namesake = await createAuthority({ intermediates: 0 });
    const signer = await namesake.issueOcspResponder();
    services.misbehave({ ocsp: { signer, certificates: [signer.certificate] } });
    expect((await check()).status).toBe('unavailable');
  });

  test('delegate of a CA that has the key, but not the name', async () => {
    const { authority, services, check } = await revocationLab('ocsp');
    const renamed = { ...authority.root, subjectDer: (await authority.issueLeaf()).subjectDer };
    const signer = await authority.issueOcspResponder({ issuer: renamed });
    services.misbehave({ ocsp: { signer, certificates: [signer.certificate] } });
    expect((await check()).status).toBe('unavailable');
  });

  test('delegate whose key may not sign', async () => {
    const { authority, services, check } = await revocationLab('ocsp');
    const signer = await authority.issueOcspResponder({
      extensions: (list) => [...list.filter(({ oid }) => oid !== '2.5.29.15'), keyUsage(['keyEncipherment'])],
    });
    services.misbehave({ ocsp: { signer, certificates: [signer.certificate] } });
    expect((await check()).status).toBe('unavailable');
  });

  test('refuses an unknown algorithm', async () => {
    const { authority, leaf, services, check } = await revocationLab('ocsp');
    const certId = await certIdOf(authority.root, leaf.serialNumber);
    const answer = await buildOcspResponse([{ certId }], { signer: authority.root, now });
    services.misbehave({ ocsp: { body: withUnknownAlgorithm(answer) } });
    expect((await check()).evidence[0]).toMatchObject({
      outcome: 'unavailable',
      reason: expect.stringMatching(/algorithm/),
    });
  });

  test('a signature that was changed is refused', async () => {
    expect(await statusWith({ corrupt: true })).toBe('unavailable');
  });
});

describe('R4 a delegate without nocheck', () => {
  test.each([
    ['good', 'good'],
    ['revoked', 'unavailable'],
    ['without a CRL to be had', 'unavailable'],
  ])('%s is checked by CRL: %s', async (kind, expected) => {
    const { authority, services, check } = await revocationLab('ocsp');
    const signer = await authority.issueOcspResponder({
      crlUrls: [services.crlUrl(base)],
      extensions: (list) => list.filter(({ oid }) => oid !== '1.3.6.1.5.5.7.48.1.5'),
    });
    if (kind === 'revoked') services.revoke(signer);
    const crl = kind.startsWith('without') ? { body: new Uint8Array() } : {};
    services.misbehave({ ocsp: { signer, certificates: [signer.certificate] }, crl });
    expect((await check()).status).toBe(expected);
    expect(services.requests.filter(({ service }) => service === 'ocsp')).toHaveLength(1);
  });

  test('with the purpose besides others is still a responder', async () => {
    const { authority, services, check } = await revocationLab('ocsp');
    const signer = await authority.issueOcspResponder({
      extensions: (list) => [
        ...list.filter(({ oid }) => oid !== '2.5.29.37'),
        extendedKeyUsage([purposes.clientAuth, purposes.ocspSigning]),
      ],
    });
    services.misbehave({ ocsp: { signer, certificates: [signer.certificate] } });
    expect((await check()).status).toBe('good');
  });
});

describe('R5 times', () => {
  test.each([
    ['replayed, past nextUpdate', changed({ thisUpdate: days(-20), nextUpdate: days(-1) }), 'unavailable'],
    ['without nextUpdate', changed({ nextUpdate: null }), 'unavailable'],
    ['thisUpdate in the future', changed({ thisUpdate: days(1), nextUpdate: days(2) }), 'unavailable'],
    ['producedAt in the future', { producedAt: days(1) }, 'unavailable'],
    ['nextUpdate before thisUpdate', changed({ thisUpdate: days(-1), nextUpdate: days(-2) }), 'unavailable'],
    [
      'nextUpdate before thisUpdate, both to come',
      changed({ thisUpdate: new Date(now.getTime() + 240_000), nextUpdate: new Date(now.getTime() + 180_000) }),
      'unavailable',
    ],
    ['ends this second', changed({ nextUpdate: now }), 'good'],
    ['ended a second ago', changed({ nextUpdate: new Date(now.getTime() - 1000) }), 'unavailable'],
    ['five minutes of skew', changed({ thisUpdate: new Date(now.getTime() + 299_000) }), 'good'],
  ])('%s', async (_, fault, expected) => {
    expect(await statusWith(fault)).toBe(expected);
  });

  test('a maximum age can be asked for', async () => {
    const { services, check } = await revocationLab('ocsp');
    services.misbehave({ ocsp: changed({ thisUpdate: days(-8), nextUpdate: days(8) }) });
    expect((await check()).status).toBe('good');
    expect((await check({ maxAgeMs: 7 * 86_400_000 })).status).toBe('unavailable');
    services.misbehave({ ocsp: changed({ thisUpdate: days(-6), nextUpdate: null }) });
    expect((await check({ maxAgeMs: 7 * 86_400_000 })).status).toBe('good');
  });
});

describe('R6 nonce', () => {
  test('sends none by default; with the option, refuses another nonce and reports a missing one', async () => {
    const { services, check } = await revocationLab('ocsp');
    expect(await check({ nonce: true })).toMatchObject({ status: 'good', evidence: [{ outcome: 'good' }] });
    services.misbehave({ ocsp: { nonce: new Uint8Array(16) } });
    expect((await check({ nonce: true })).status).toBe('unavailable');
    expect((await check()).status).toBe('good');
    services.misbehave({ ocsp: { nonce: 'drop' } });
    const { status, evidence } = await check({ nonce: true });
    expect(status).toBe('good');
    expect(evidence[0]?.reason).toMatch(/no nonce/);
  });
});

describe('R7 several answers', () => {
  const revoked = { at: days(-1) };
  test.each<[string, OcspFault, string]>([
    ['unknown', changed({ status: 'unknown' }), 'unavailable'],
    ['good and revoked', { responses: ([one]) => [one!, { ...one!, status: revoked }] }, 'revoked'],
    ['revoked and good', { responses: ([one]) => [{ ...one!, status: revoked }, one!] }, 'revoked'],
    ['good and unknown', { responses: ([one]) => [one!, { ...one!, status: 'unknown' }] }, 'unavailable'],
    ['none', { responses: () => [] }, 'unavailable'],
    ['unknown critical extension', { extensions: [unknownCritical] }, 'unavailable'],
    ['unknown critical extension of the single answer', changed({ extensions: [unknownCritical] }), 'unavailable'],
    ['unknown extension', { extensions: [{ ...unknownCritical, critical: false }] }, 'good'],
  ])('%s', async (_, fault, expected) => {
    expect(await statusWith(fault)).toBe(expected);
  });
});

test('R8 an invalidity date counts only with an authentic signing time before it', async () => {
  const { services, leaf, check } = await revocationLab('ocsp');
  services.revoke(leaf, { invalidityDate: days(-10) });
  expect((await check()).status).toBe('revoked');
  expect((await check({ authenticSigningTime: days(-11) })).status).toBe('good');
  expect((await check({ authenticSigningTime: days(-10) })).status).toBe('revoked');
});

test.each(['malformedRequest', 'internalError', 'tryLater', 'sigRequired', 'unauthorized'] as const)(
  'R9 the error answer %s is never good',
  async (responseStatus) => {
    expect(await statusWith({ responseStatus })).toBe('unavailable');
  },
);

test.each([1, 2, 3, 4, 5, 6, 7])(
  'R9 the error status %i is never good, whatever good answer is beside it',
  async (status) => {
    const { authority, leaf, services, check } = await revocationLab('ocsp');
    const certId = await certIdOf(authority.root, leaf.serialNumber);
    const answer = await buildOcspResponse([{ certId }], { signer: authority.root, now });
    services.misbehave({ ocsp: { body: answer } });
    expect((await check()).status).toBe('good');
    // SEQUENCE with a length of three octets, then the status: ENUMERATED of one octet.
    expect([...answer.subarray(4, 7)]).toEqual([0x0a, 1, 0]);
    services.misbehave({ ocsp: { body: answer.map((byte, i) => (i === 6 ? status : byte)) } });
    expect((await check()).status).toBe('unavailable');
  },
);

test('R9 an error answer without a known status is never good', async () => {
  expect(await statusWith({ body: new Uint8Array([0x30, 3, 0x0a, 1, 4]) })).toBe('unavailable');
});
