import { createPrivateKey, verify, X509Certificate } from 'node:crypto';
import { algorithmOf } from '@notarykit/signature-envelope';
import { signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { expect, test } from 'vitest';
import { createAuthority } from './authority.js';
import { buildCsr } from './certificate.js';
import { createKeyPair } from './keys.js';

const specs = signatureAlgorithms.map((row) => row.keySpec);

test.each(specs)('a leaf of %s chains up to the root and its signer signs', async (keySpec) => {
  const authority = await createAuthority({ intermediates: 2 });
  const { chain, signer, privateKeyPem } = await authority.issueLeaf({ keySpec });
  const certificates = chain.map((der) => new X509Certificate(der));
  expect(chain).toHaveLength(4);
  certificates.forEach((certificate, i) => {
    const issuer = certificates[i + 1] ?? certificate;
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
  });
  const payload = new Uint8Array([1, 2, 3]);
  const { signature } = await signer.sign({ payload, keySpec });
  const { hash, type, saltLength, signatureLength } = algorithmOf(keySpec);
  const key = type === 'ec' ? { dsaEncoding: 'ieee-p1363' as const } : { padding: 6, saltLength };
  expect(signature).toHaveLength(signatureLength);
  const publicKey = certificates[0]!.publicKey.export({ type: 'spki', format: 'pem' });
  expect(verify(hash, payload, { key: publicKey, ...key }, signature)).toBe(true);
  expect(createPrivateKey(privateKeyPem).asymmetricKeyType).toBe(type);
});

test.each(['pkcs1', 'pss'] as const)('an RSA authority signs certificates with %s', async (scheme) => {
  const authority = await createAuthority({ keySpec: 'RSA-2048', intermediates: 0 });
  const { chain } = await authority.issueLeaf({ scheme, hash: 'sha384' });
  expect(new X509Certificate(chain[0]!).verify(new X509Certificate(chain[1]!).publicKey)).toBe(true);
});

test('URLs, subject, validity and extensions are as asked', async () => {
  const authority = await createAuthority({ ocspUrls: ['http://ocsp.test/'], crlUrls: ['http://crl.test/a.crl'] });
  const leaf = await authority.issueLeaf({
    subject: { C: 'US', O: 'Wabbit', CN: 'net-monitor' },
    notBefore: new Date('2024-01-01T00:00:00Z'),
    notAfter: new Date('2051-01-01T00:00:00Z'),
    serialNumber: 0x80n,
    extensions: (list) => list.filter((extension) => extension.oid !== '2.5.29.37'),
  });
  const certificate = new X509Certificate(leaf.certificate);
  expect(certificate.subject).toBe('C=US\nO=Wabbit\nCN=net-monitor');
  expect(certificate.validTo).toBe('Jan  1 00:00:00 2051 GMT');
  expect(certificate.serialNumber).toBe('80');
  expect(certificate.infoAccess).toContain('OCSP - URI:http://ocsp.test/');
  expect(certificate.keyUsage).toBeUndefined();
  expect(certificate.toString()).toContain('BEGIN CERTIFICATE');
});

test('timestamping and responder certificates carry their purpose alone, self-signed leaves are their own issuer', async () => {
  const authority = await createAuthority();
  expect(new X509Certificate((await authority.issueTimestamping()).certificate).keyUsage).toEqual([
    '1.3.6.1.5.5.7.3.8',
  ]);
  expect(new X509Certificate((await authority.issueOcspResponder()).certificate).keyUsage).toEqual([
    '1.3.6.1.5.5.7.3.9',
  ]);
  const { chain } = await authority.issueSelfSigned();
  expect(chain).toHaveLength(1);
  const certificate = new X509Certificate(chain[0]!);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.ca).toBe(false);
});

test.each(['EC-384', 'RSA-2048'] as const)(
  'a request of an %s key gets a certificate for that key',
  async (keySpec) => {
    const authority = await createAuthority();
    const keyPair = await createKeyPair(keySpec);
    const csr = await buildCsr(keyPair, { O: 'Wabbit', CN: 'from a request' });
    const [leaf] = await authority.issueFromCsr(csr);
    const certificate = new X509Certificate(leaf!);
    expect(certificate.subject).toBe('O=Wabbit\nCN=from a request');
    expect(certificate.publicKey.export({ type: 'spki', format: 'der' })).toEqual(Buffer.from(keyPair.spki));
    const forged = csr.slice();
    forged[forged.length - 1]! ^= 1;
    await expect(authority.issueFromCsr(forged)).rejects.toThrow();
  },
);

test('a fresh RSA key is not taken from the pool', async () => {
  const [pooled, fresh] = await Promise.all([createKeyPair('RSA-2048'), createKeyPair('RSA-2048', { fresh: true })]);
  expect(fresh.spki).not.toEqual(pooled.spki);
});

test.each(specs)('no two certificates of %s share a key, across authorities', async (keySpec) => {
  const authorities = [await createAuthority({ keySpec }), await createAuthority({ keySpec })];
  const issued = authorities.flatMap(({ root, intermediates }) => [root, ...intermediates]);
  for (const authority of authorities) for (let i = 0; i < 20; i++) issued.push(await authority.issueLeaf({ keySpec }));
  expect(new Set(issued.map(({ keyPair }) => Buffer.from(keyPair.spki).toString('hex'))).size).toBe(issued.length);
});

test("the lab's signer returns copies, and signs for its key spec only", async () => {
  const { signer } = await (await createAuthority()).issueLeaf();
  const { certificateChain = [] } = await signer.describe();
  certificateChain[0]?.fill(0);
  const result = await signer.sign({ payload: new Uint8Array(1), keySpec: 'EC-256' });
  expect(result.certificateChain[0]?.[0]).toBe(0x30);
  await expect(signer.sign({ payload: new Uint8Array(1), keySpec: 'RSA-2048' })).rejects.toMatchObject({
    reason: 'wrong-key-usage',
  });
});
