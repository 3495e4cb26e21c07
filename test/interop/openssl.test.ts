import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePem, parseCertificates, parsePkcs12, parsePrivateKey } from '@notarykit/pki';
import { createCsr, parsePublicKey } from '@notarykit/pki/internal';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { succeed } from './support/program.ts';

describe('openssl', () => {
  const folder = temporaryFolder();
  const openssl = (...args: string[]): Promise<string> => succeed('openssl', args, { cwd: folder });
  const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
  const password = 'correct horse';

  beforeAll(async () => {
    const subject = ['-subj', '/C=US/ST=WA/O=Notary/CN=openssl', '-days', '30'];
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key.pem',
      '-out',
      'leaf.pem',
      ...subject,
    );
  });

  test.each<[string, string[]]>([
    ['PBES2 with AES', []],
    ['triple DES and a MAC with SHA-1', ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['no MAC', ['-nomac']],
  ])('opens its PKCS #12 files: %s', async (_name, options) => {
    const files = ['-inkey', 'key.pem', '-in', 'leaf.pem', '-out', 'store.p12', '-passout', `pass:${password}`];
    await openssl('pkcs12', '-export', ...files, ...options);
    const { privateKey, certificates } = await parsePkcs12(bytes('store.p12'), { password });
    expect(certificates[0]?.publicKey.der).toEqual(privateKey?.publicKey?.der);
    await expect(parsePkcs12(bytes('store.p12'), { password: 'wrong' })).rejects.toMatchObject({ code: 'ERR_PKI_KEY' });
  });

  test('reads what it prints: bags, and a certificate in words', async () => {
    const files = ['-inkey', 'key.pem', '-in', 'leaf.pem', '-name', 'a name', '-out', 'bag.p12', '-passout', 'pass:x'];
    await openssl('pkcs12', '-export', ...files);
    const printed = await openssl('pkcs12', '-in', 'bag.p12', '-nodes', '-passin', 'pass:x');
    expect(printed).toContain('Bag Attributes');
    const key = await parsePrivateKey(printed);
    expect(key.export()).toEqual((await parsePrivateKey(bytes('key.pem'))).export());
    const inWords = await openssl('x509', '-in', 'leaf.pem', '-text');
    for (const certificates of [parseCertificates(printed, { privateKeys: 'skip' }), parseCertificates(inWords)])
      expect(certificates.map(({ publicKey }) => publicKey.der)).toEqual([key.publicKey?.der]);
  });

  test.each<[string, string[]]>([
    ['PBES2', ['-topk8']],
    ['triple DES', ['-topk8', '-v1', 'PBE-SHA1-3DES']],
  ])('opens its encrypted keys: %s', async (_name, options) => {
    await openssl('pkcs8', ...options, '-in', 'key.pem', '-out', 'encrypted.pem', '-passout', `pass:${password}`);
    const key = await parsePrivateKey(bytes('encrypted.pem'), { password });
    expect(key.export()).toEqual((await parsePrivateKey(bytes('key.pem'))).export());
  });

  test.each([
    ['RSA', 'sha384', generateKeyPairSync('rsa', { modulusLength: 3072 })],
    ['EC', 'sha384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ])('verifies our request for an %s key', async (type, hash, { privateKey, publicKey }) => {
    const how = type === 'RSA' ? { padding: 6, saltLength: 48 } : { dsaEncoding: 'ieee-p1363' as const };
    const csr = await createCsr({
      subject: { C: 'US', ST: 'WA', O: 'Notary', CN: 'request' },
      publicKey: parsePublicKey(new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))),
      sign: async (tbs) => sign(hash, tbs, { key: privateKey, ...how }),
    });
    writeFileSync(join(folder, 'request.pem'), encodePem('CERTIFICATE REQUEST', csr));
    const text = await openssl('req', '-in', 'request.pem', '-noout', '-verify', '-subject', '-text');
    expect(text).toContain('Code Signing');
    expect(text.replaceAll(' = ', '=')).toContain('O=Notary');
  });
});
