import { expect, it } from 'vitest';
import { parsePublicKey, verifyCertificateSignature } from '../core.js';
import { parseCertificate } from '../x509/parse.js';
import { createSelfSigned } from './self-signed.js';

const subject = { C: 'US', ST: 'WA', O: 'Notary', CN: 'wabbit' };
const [notBefore, notAfter] = [new Date('2026-01-01T00:00:00Z'), new Date('2051-01-02T03:04:05Z')];

async function keyPair() {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const publicKey = parsePublicKey(new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey)));
  const sign = async (tbs: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, tbs));
  return { publicKey, sign };
}

it('makes a code signing certificate whose issuer is its subject', async () => {
  const der = await createSelfSigned({ subject, notBefore, notAfter, ...(await keyPair()) });
  const certificate = parseCertificate(der);
  expect(certificate.issuer.der).toEqual(certificate.subject.der);
  expect([certificate.version, certificate.notBefore, certificate.notAfter]).toEqual([3, notBefore, notAfter]);
  expect([...(certificate.keyUsage?.usages ?? [])]).toEqual(['digitalSignature']);
  expect(certificate.extendedKeyUsage?.purposes).toEqual(['1.3.6.1.5.5.7.3.3']);
  expect(await verifyCertificateSignature(certificate, certificate)).toBe(true);
  const other = parseCertificate(await createSelfSigned({ subject, notBefore, notAfter, ...(await keyPair()) }));
  expect(other.serialNumber).not.toBe(certificate.serialNumber);
  expect(other.isSerialNumberNegative).toBe(false);
});

it('refuses a signature by another key', async () => {
  const [{ publicKey }, { sign }] = [await keyPair(), await keyPair()];
  await expect(createSelfSigned({ subject, notBefore, notAfter, publicKey, sign })).rejects.toMatchObject({
    code: 'ERR_PKI_KEY',
  });
});

it.each<[string, Date, Date]>([
  ['no time', notBefore, new Date(Number.NaN)],
  ['a text', '2026-01-01' as never, notAfter],
  ['a year of five digits', notBefore, new Date('+010000-01-01T00:00:00Z')],
  ['an end before the start', notAfter, notBefore],
])('refuses a validity with %s', async (_, from, until) => {
  const certificate = createSelfSigned({ subject, notBefore: from, notAfter: until, ...(await keyPair()) });
  await expect(certificate).rejects.toMatchObject({ code: 'ERR_PKI_CERTIFICATE' });
});
