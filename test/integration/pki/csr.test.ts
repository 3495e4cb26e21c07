import { generateKeyPairSync, sign } from 'node:crypto';
import { createCsr, encodeName, parseCsr, parseName, parsePublicKey } from '@notarykit/pki/internal';
import * as pkijs from 'pkijs';
import { describe, expect, test } from 'vitest';
import { spkiOf } from './issue.ts';

const subject = { C: 'US', ST: 'WA', O: 'Notary', CN: 'wabbit-networks.io' } as const;

describe('certificate signing requests', () => {
  test.each(['P-256', 'P-384', 'P-521'])(
    'a request for a key on %s that only a remote signer holds',
    async (namedCurve) => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
      const csr = await createCsr({
        subject,
        publicKey: parsePublicKey(spkiOf(publicKey)),
        sign: async (tbs, { hash }) => sign(hash, tbs, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
      });
      const read = pkijs.CertificationRequest.fromBER(csr);
      expect(await read.verify()).toBe(true);
      expect(parseName(new Uint8Array(read.subject.toSchema().toBER())).der).toEqual(encodeName(subject));
      expect(read.attributes?.map(({ type }) => type)).toEqual(['1.2.840.113549.1.9.14']);
    },
  );

  test.each([
    ['rsassa-pss', 2048, 6],
    ['rsassa-pkcs1', 3072, 1],
  ] as const)('a request signed with %s', async (scheme, modulusLength, padding) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
    const csr = await createCsr({
      subject,
      publicKey: parsePublicKey(spkiOf(publicKey)),
      scheme,
      sign: async (tbs, { hash }) =>
        sign(hash, tbs, { key: privateKey, padding, ...(padding === 6 ? { saltLength: -1 } : {}) }),
    });
    expect(await pkijs.CertificationRequest.fromBER(csr).verify()).toBe(true);
  });

  test('a request is read again: its name and its key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const csr = await createCsr({
      subject,
      publicKey: parsePublicKey(spkiOf(publicKey)),
      sign: async (tbs, { hash }) => sign(hash, tbs, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    });
    const read = parseCsr(csr);
    expect(read.subject.der).toEqual(encodeName(subject));
    expect(read.publicKey.der).toEqual(parsePublicKey(spkiOf(publicKey)).der);
    for (const wrong of [csr.slice(0, -1), Uint8Array.of(0x30, 0), new Uint8Array()])
      expect(() => parseCsr(wrong)).toThrow(expect.objectContaining({ code: 'ERR_PKI_ASN1' }));
  });

  test('K1 refuses a signature by another key', async () => {
    const [asked, other] = [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ];
    const csr = createCsr({
      subject,
      publicKey: parsePublicKey(spkiOf(asked.publicKey)),
      sign: async (tbs) => sign('sha256', tbs, { key: other.privateKey, dsaEncoding: 'ieee-p1363' }),
    });
    await expect(csr).rejects.toMatchObject({ code: 'ERR_PKI_KEY' });
  });

  test.each([
    [{ X: 'y' }],
    [{ CN: '' }],
    [{ CN: '  ' }],
    [{ C: 'Ü' }],
    [{ C: 'USA' }],
    [{ C: 'U1' }],
    [{}],
    [null],
    [undefined],
    ['CN=a'],
    [['a']],
    [{ CN: null }],
    [{ CN: ['a', 'b'] }],
    [{ CN: 'a\ud800' }],
    [{ CN: 'a\0b' }],
    [{ O: 'x'.repeat(65) }],
    [{ '2.05.4': 'x' }],
  ])('the subject %j is refused', (attributes) => {
    expect(() => encodeName(attributes as Record<string, string>)).toThrow(
      expect.objectContaining({ code: 'ERR_PKI_CERTIFICATE' }),
    );
  });
});
