import { type SignEnvelopeOptions, signEnvelope, verifyIntegrity } from '@notarykit/signature-envelope';
import { createTrustLab, type Issued } from '@notarykit/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, expectCode } from '../forge/expect-code.js';
import { forgeJws, type JwsChanges, openJws } from '../forge/jws.js';

const scheme = 'io.cncf.notary.signingScheme';
const time = 'io.cncf.notary.signingTime';
const expiry = 'io.cncf.notary.expiry';

let leaf: Issued;
beforeAll(async () => {
  ({ leaf } = await createTrustLab());
});

const at = (value: unknown): JwsChanges => ({ protected: (header) => ({ ...header, [time]: value }) });
const open = async (changes: JwsChanges): Promise<unknown> => openJws(await forgeJws(leaf, changes));
const target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 3,
} as const;
const sign = (options: Partial<SignEnvelopeOptions>) => signEnvelope(target, { signer: leaf.signer, ...options });

describe('threats', () => {
  test('T2 an expiry is after the signing time, when read and when written', async () => {
    const until = (value: string): JwsChanges => ({
      protected: (header) => ({ ...header, [expiry]: value, crit: [scheme, expiry] }),
    });
    for (const value of [
      '2025-01-01T00:00:00Z',
      '2024-12-31T23:59:59Z',
      '0001-01-01T00:00:00Z',
      '2025-01-01T00:00:00.9Z',
    ])
      await expectCode(() => open(until(value)), 'ERR_ENVELOPE_TIME', value);
    expect(await codeOf(() => open(until('2025-01-01T00:00:01Z')))).toBe('ok');
    const now = new Date('2025-01-01T00:00:00.700Z');
    for (const format of ['jws', 'cose'] as const) {
      await expectCode(() => sign({ format, now, expiry: new Date('2025-01-01T00:00:00.900Z') }), 'ERR_ENVELOPE_TIME');
      expect(await codeOf(() => sign({ format, now, expiry: new Date('2025-01-01T00:00:01Z') }))).toBe('ok');
    }
    await expectCode(() => sign({ expiry: new Date(Number.NaN) }), 'ERR_ENVELOPE_TIME', 'no date');
    await expectCode(() => sign({ expiry: new Date('+010000-01-01T00:00:00Z') }), 'ERR_ENVELOPE_TIME', 'year 10000');
  });

  test('T3 a claimed signing time has no effect, however far away', async () => {
    for (const value of ['1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])
      expect(await codeOf(() => open(at(value))), value).toBe('ok');
  });

  test('T4 an authentic signing time lies at most five minutes ahead', async () => {
    const signed = await sign({ scheme: 'notary.x509.signingAuthority', now: new Date('2025-01-01T00:00:00Z') });
    const verifyAt = (now: string) =>
      codeOf(() => verifyIntegrity({ ...signed.verified, verified: false }, { now: new Date(now) }));
    expect(await verifyAt('2025-01-01T00:00:00Z')).toBe('ok');
    expect(await verifyAt('2024-12-31T23:55:00Z')).toBe('ok');
    expect(await verifyAt('2024-12-31T23:54:59Z')).toBe('ERR_ENVELOPE_TIME');
  });

  test('T5 times are RFC 3339, a fraction is dropped', async () => {
    const bad = [
      '2025-01-01T00:00:60Z',
      '2025-01-01T24:00:00Z',
      '2025-01-01t00:00:00z',
      '2025-01-01T00:00:00',
      '2025-01-01T00:00:00+25:00',
      '2025-01-01T00:00:00.0123456789Z',
      '10000-01-01T00:00:00Z',
      '2025-02-30T00:00:00Z',
      '2025-01-01 00:00:00Z',
      '2025-1-1T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '0000-01-01T00:00:00Z',
      '1969-12-31T23:59:59Z',
      '1970-01-01T00:00:00+00:01',
      '9999-12-31T23:59:59-00:01',
      'Wed, 01 Jan 2025 00:00:00 GMT',
      '',
      1_735_689_600,
      null,
    ];
    for (const value of bad) await expectCode(() => open(at(value)), 'ERR_ENVELOPE_TIME', String(value));
    for (const value of ['1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])
      expect(await codeOf(() => open(at(value)))).toBe('ok');
    const { signedAttributes } = (await open(at('2025-01-01T08:00:00.999+08:00'))) as Awaited<
      ReturnType<typeof openJws>
    >;
    expect(signedAttributes.signingTime).toEqual(new Date('2025-01-01T00:00:00Z'));
  });
});
