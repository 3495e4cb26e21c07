import {
  createCipheriv,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  pbkdf2Sync,
  randomBytes,
  scryptSync,
} from 'node:crypto';
import { isCodedError } from '@notarykit/common';
import { encodePem, parsePrivateKey } from '@notarykit/pki';
import {
  encodeBitString,
  encodeContext,
  encodeInteger,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
} from '@notarykit/pki/internal/asn1';
import { describe, expect, test } from 'vitest';

const password = 'pässwort 😀';
const { privateKey: ec, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const plain = ec.export({ type: 'pkcs8', format: 'der' });

async function errorOf(
  input: string | Uint8Array,
  given: string = password,
): Promise<{ code: string; message: string }> {
  const error: unknown = await parsePrivateKey(input, { password: given }).then(
    () => expect.unreachable('it was read'),
    (caught: unknown) => caught,
  );
  if (!isCodedError(error)) throw error;
  return error;
}

/** What was read is the key that was written, for `node:crypto` and by its public half. */
async function expectSame(input: string | Uint8Array, key: KeyObject): Promise<void> {
  const read = await parsePrivateKey(input, { password });
  const again = createPrivateKey({ key: Buffer.from(read.export()), format: 'der', type: 'pkcs8' });
  const numbers = ({ d, n, x }: JsonWebKey) => ({ d, n, x });
  // A key for RSASSA-PSS alone has no JWK: its public half is compared by its numbers.
  if (key.asymmetricKeyType !== 'rsa-pss')
    expect(numbers(again.export({ format: 'jwk' }))).toEqual(numbers(key.export({ format: 'jwk' })));
  expect(again.asymmetricKeyType).toBe(read.type);
  await read.importKey(
    read.type === 'ec' ? { name: 'ECDSA', namedCurve: read.curve as string } : { name: 'RSA-PSS', hash: 'SHA-256' },
  );
}

describe('encrypted with', () => {
  test.each([
    'aes-128-cbc',
    'aes-192-cbc',
    'aes-256-cbc',
    'des-ede3-cbc',
    'aria-128-cbc',
    'aria-256-cbc',
    'camellia-128-cbc',
    'camellia-256-cbc',
  ])('%s', async (cipher) => {
    const pem = ec.export({ type: 'pkcs8', format: 'pem', cipher, passphrase: password }) as string;
    await expectSame(pem, ec);
    expect((await errorOf(pem, 'another')).code).toBe('ERR_PKI_KEY');
  });

  const encrypted = (derivation: Uint8Array, key: Buffer): string => {
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    const bytes = Buffer.concat([cipher.update(plain), cipher.final()]);
    const scheme = encodeSequence(encodeOid('2.16.840.1.101.3.4.1.42'), encodeOctetString(iv));
    const algorithm = encodeSequence(encodeOid('1.2.840.113549.1.5.13'), encodeSequence(derivation, scheme));
    return encodePem('ENCRYPTED PRIVATE KEY', encodeSequence(algorithm, encodeOctetString(bytes)));
  };

  test.each([
    ['sha1', 7],
    ['sha224', 8],
    ['sha256', 9],
    ['sha384', 10],
    ['sha512', 11],
    ['sha512-224', 12],
    ['sha512-256', 13],
  ] as const)('PBKDF2 and HMAC of %s', async (hash, last) => {
    const salt = randomBytes(16);
    const prf = encodeSequence(encodeOid(`1.2.840.113549.2.${last}`), encodeNull());
    const parameters = encodeSequence(encodeOctetString(salt), encodeInteger(1000), prf);
    const derivation = encodeSequence(encodeOid('1.2.840.113549.1.5.12'), parameters);
    await expectSame(encrypted(derivation, pbkdf2Sync(password, salt, 1000, 32, hash)), ec);
  });

  const scrypt = (salt: Buffer, N: number, r: number, p: number): Uint8Array =>
    encodeSequence(
      encodeOid('1.3.6.1.4.1.11591.4.11'),
      encodeSequence(encodeOctetString(salt), ...[N, r, p].map((number) => encodeInteger(number))),
    );

  test('scrypt', async () => {
    const salt = randomBytes(16);
    await expectSame(encrypted(scrypt(salt, 1024, 8, 1), scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 })), ec);
  });

  test.each([
    [2 ** 20, 8, 1],
    [1024, 8, 2 ** 20],
    [1000, 8, 1],
    [1, 8, 1],
    [1024, 0, 1],
  ])('K9 scrypt with N %d, r %d, p %d is refused before it is begun', async (N, r, p) => {
    expect((await errorOf(encrypted(scrypt(randomBytes(8), N, r, p), randomBytes(32)))).code).toMatch(/KEY|LIMIT/);
  });
});

describe('other forms', () => {
  test.each(['prime256v1', 'secp384r1', 'secp521r1'])('%s by explicit parameters', async (namedCurve) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve, paramEncoding: 'explicit' });
    for (const type of ['pkcs8', 'sec1'] as const) {
      const read = await parsePrivateKey(privateKey.export({ type, format: 'pem' }) as string);
      await read.importKey({ name: 'ECDSA', namedCurve: read.curve as string });
      const again = createPrivateKey({ key: Buffer.from(read.export()), format: 'der', type: 'pkcs8' });
      expect(again.asymmetricKeyDetails?.namedCurve).toBe(namedCurve);
    }
  });

  test('K1 explicit parameters that differ in any member name no curve', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' });
    const der = privateKey.export({ type: 'pkcs8', format: 'der' });
    const places = [
      ['the prime', 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff30'],
      ['b', '5ac635d8aa3a93e7b3ebbd55769886bc'],
      ['the seed', 'c49d360886e704936a6678e1139d26b7'],
      ['the base point', '6b17d1f2e12c4247f8bce6e563a440f2'],
      ['the order', 'bce6faada7179e84f3b9cac2fc632551'],
    ] as const;
    for (const [, hex] of places) {
      const at = der.indexOf(Buffer.from(hex, 'hex'));
      if (at < 0) continue;
      const changed = Buffer.from(der);
      changed[at + 5] = (changed[at + 5] as number) ^ 1;
      expect((await errorOf(changed)).code).toBe('ERR_PKI_KEY');
    }
    const cofactor = Buffer.from(der);
    cofactor[der.indexOf(Buffer.from('bce6faada7179e84f3b9cac2fc632551020101', 'hex')) + 18] = 2;
    expect((await errorOf(cofactor)).code).toBe('ERR_PKI_KEY');
    const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1', paramEncoding: 'explicit' }).privateKey;
    expect((await errorOf(other.export({ type: 'pkcs8', format: 'pem' }) as string)).code).toBe('ERR_PKI_KEY');
  });

  test('a key for RSASSA-PSS alone, with and without parameters that allow the signature', async () => {
    const of = (options: object) => generateKeyPairSync('rsa-pss', { modulusLength: 2048, ...options }).privateKey;
    const sha256 = { hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength: 32 };
    for (const options of [{}, sha256])
      await expectSame(of(options).export({ type: 'pkcs8', format: 'pem' }) as string, of(options));
    for (const options of [
      { ...sha256, hashAlgorithm: 'sha512', mgf1HashAlgorithm: 'sha512' },
      { ...sha256, saltLength: 64 },
    ])
      expect((await errorOf(of(options).export({ type: 'pkcs8', format: 'pem' }) as string)).message).toMatch(
        /does not allow/,
      );
  });

  test.each<[string, () => string | Uint8Array, RegExp]>([
    [
      'an encrypted traditional EC key',
      () => ec.export({ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }) as string,
      /traditional way.*openssl pkcs8 -topk8/,
    ],
    ['SEC 1 in DER', () => ec.export({ type: 'sec1', format: 'der' }), /SEC 1 \(DER\).*openssl pkcs8 -topk8/],
    [
      'PKCS #1 in DER',
      () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'der' }),
      /PKCS #1 \(DER\).*openssl pkcs8 -topk8/,
    ],
    ['PKCS #12', () => encodeSequence(encodeInteger(3), encodeSequence(), encodeSequence()), /PKCS #12.*parsePkcs12/],
    ['a key of OpenSSH', () => encodePem('OPENSSH PRIVATE KEY', Uint8Array.of(1)), /ssh-keygen/],
  ])('%s: the reason, and the command that converts it', async (_, input, why) => {
    const { code, message } = await errorOf(input());
    expect(message).toMatch(why);
    expect(code).toMatch(/^ERR_PKI_(KEY|CERTIFICATE)$/);
  });

  test('refuses two different curves in one key', async () => {
    const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-65);
    const secret = Buffer.from(ec.export({ format: 'jwk' }).d ?? '', 'base64url');
    const inner = encodeSequence(
      encodeInteger(1),
      encodeOctetString(secret),
      encodeContext(0, encodeOid('1.3.132.0.34')),
      encodeContext(1, encodeBitString(point)),
    );
    const algorithm = encodeSequence(encodeOid('1.2.840.10045.2.1'), encodeOid('1.2.840.10045.3.1.7'));
    const der = encodeSequence(encodeInteger(0), algorithm, encodeOctetString(inner));
    expect((await errorOf(der)).message).toMatch(/one curve/);
  });
});
