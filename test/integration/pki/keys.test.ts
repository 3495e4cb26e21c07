import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { isCodedError } from '@notarykit/common';
import { localKey, localSigner } from '@notarykit/kms-providers/local';
import { encodePem, parsePkcs12, parsePrivateKey } from '@notarykit/pki';
import { DerReader, encodeElement, encodeInteger, encodeSequence, Tag } from '@notarykit/pki/internal/asn1';
import { createAuthority } from '@notarykit/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { withCpuTime } from '../../support/cpu-time.ts';
import { writePkcs12 } from '../../support/pkcs12.ts';
import { createIssuer, type Issuer, issueDer, issueRoot } from './issue.ts';

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => 'accepted',
    (reason: unknown) => reason,
  );
  return isCodedError(error) ? error.code : String(error);
};

const password = 'correct horse';

describe('private keys', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const cipher = { cipher: 'aes-256-cbc', passphrase: password } as const;

  test.each([
    ['PKCS #8', rsa, rsa.export({ format: 'pem', type: 'pkcs8' })],
    ['PKCS #8, encrypted', rsa, rsa.export({ format: 'pem', type: 'pkcs8', ...cipher })],
    ['PKCS #1', rsa, rsa.export({ format: 'pem', type: 'pkcs1' })],
    ['SEC 1', ec, ec.export({ format: 'pem', type: 'sec1' })],
    ['PKCS #8 of an EC key', ec, ec.export({ format: 'pem', type: 'pkcs8' })],
    ['PKCS #8, DER', ec, ec.export({ format: 'der', type: 'pkcs8' })],
    ['PKCS #8, DER, encrypted', ec, ec.export({ format: 'der', type: 'pkcs8', ...cipher })],
    [
      'EC with its parameters before it',
      ec,
      `${encodePem('EC PARAMETERS', new Uint8Array([5, 0]))}${ec.export({ format: 'pem', type: 'sec1' })}`,
    ],
  ])('%s is read as the same key', async (_name, expected, input) => {
    const key = await parsePrivateKey(typeof input === 'string' ? input : new Uint8Array(input), { password });
    const found = createPrivateKey({ key: Buffer.from(key.export()), format: 'der', type: 'pkcs8' });
    expect(found.equals(expected)).toBe(true);
    expect(key.publicKey?.type).toBe(key.type);
  });

  test('a key can sign in WebCrypto, and is not extractable there', async () => {
    const key = await parsePrivateKey(rsa.export({ format: 'pem', type: 'pkcs8' }) as string);
    const cryptoKey = await key.importKey({ name: 'RSA-PSS', hash: 'SHA-256' });
    expect(cryptoKey.extractable).toBe(false);
  });

  test('K9 no number of a key is printed or serialised', async () => {
    const key = await parsePrivateKey(ec.export({ format: 'pem', type: 'pkcs8' }) as string);
    const secret = Buffer.from(ec.export({ format: 'jwk' }).d as string, 'base64url');
    const shown = `${inspect(key, { showHidden: true, depth: 9, maxArrayLength: 999 })} ${JSON.stringify(key)}`;
    expect(shown).not.toContain(secret.toString('hex').slice(0, 16));
    expect(shown).not.toContain([...secret.subarray(0, 12)].join(', '));
  });

  test.each([
    ['a wrong password', rsa.export({ format: 'pem', type: 'pkcs8', ...cipher, passphrase: 'other' }), 'ERR_PKI_KEY'],
    ['a certificate', encodePem('CERTIFICATE', new Uint8Array([0x30, 0])), 'ERR_PKI_KEY'],
    [
      'two keys',
      `${ec.export({ format: 'pem', type: 'sec1' })}${ec.export({ format: 'pem', type: 'sec1' })}`,
      'ERR_PKI_KEY',
    ],
    ['Ed25519', generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }), 'ERR_PKI_KEY'],
    [
      'secp256k1',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
      'ERR_PKI_KEY',
    ],
    ['no PEM', 'hello', 'ERR_PKI_CERTIFICATE'],
  ])('%s is refused', async (_name, input, code) => {
    expect(await codeOf(parsePrivateKey(input as string, { password }))).toBe(code);
  });

  test('refuses a wrong password that happens to give valid padding', async () => {
    const der = new Uint8Array(ec.export({ format: 'der', type: 'pkcs8', ...cipher }));
    // AES-256-CBC and its initialisation vector: a bit that is turned there is turned in the first byte of what was encrypted.
    const vector = Buffer.from(der).indexOf(Buffer.from('60864801650304012a0410', 'hex')) + 11;
    expect(vector).toBeGreaterThan(11);
    der[vector] = (der[vector] as number) ^ 1;
    await expect(parsePrivateKey(der, { password })).rejects.toMatchObject({
      code: 'ERR_PKI_KEY',
      message: expect.stringContaining('the password is wrong'),
    });
  });

  test('an encrypted key without password says that it needs one', async () => {
    const pem = rsa.export({ format: 'pem', type: 'pkcs8', ...cipher }) as string;
    await expect(parsePrivateKey(pem)).rejects.toThrow(/encrypted; expected a password/);
  });
});

describe('PKCS #12', () => {
  let root: Issuer;
  let leaf: Issuer;
  let file: Uint8Array;

  beforeAll(async () => {
    [root, leaf] = [createIssuer(), createIssuer('Signer')];
    const rootDer = issueRoot(root).der;
    file = await writePkcs12(leaf.privateKey, [rootDer, issueDer(leaf, root)], { password });
  });

  test('the key comes with its chain, leaf first', async () => {
    const { privateKey, certificates } = await parsePkcs12(file, { password });
    const key = createPrivateKey({ key: Buffer.from(privateKey?.export() ?? []), format: 'der', type: 'pkcs8' });
    expect(key.equals(leaf.privateKey)).toBe(true);
    expect(certificates.map(({ subject }) => subject.rdns[0]?.[0]?.value)).toEqual([
      'Signer',
      expect.stringContaining('Issuer'),
    ]);
  });

  test('K9 a wrong password is refused, and so is a changed file', async () => {
    expect(await codeOf(parsePkcs12(file, { password: 'wrong' }))).toBe('ERR_PKI_KEY');
    const changed = file.slice();
    changed[200] = (changed[200] as number) ^ 1;
    expect(await codeOf(parsePkcs12(changed, { password }))).toMatch(/^ERR_PKI_/);
  });

  test('K9 refuses a file with a wrong MAC although its contents decrypt', async () => {
    expect(await codeOf(parsePkcs12(withMac(file, 2048, 1), { password }))).toBe('ERR_PKI_KEY');
    expect(await codeOf(parsePkcs12(withMac(file, 2048, 0), { password }))).toBe('accepted');
  });

  test('K9 a file that asks for 10^9 iterations is refused at once', async () => {
    const changed = withMac(file, 1_000_000_000, 0);
    // So many would take a quarter of an hour.
    const { result, cpuMs } = await withCpuTime(() => codeOf(parsePkcs12(changed, { password })));
    expect(result).toBe('ERR_PKI_LIMIT');
    expect(cpuMs).toBeLessThan(1000);
  });

  test('K9 the caller may set a lower limit, for MAC and encryption', async () => {
    expect(await codeOf(parsePkcs12(file, { password, maxIterations: 100 }))).toBe('ERR_PKI_LIMIT');
    // Of the MAC, of the key and of the certificates, together.
    expect(await codeOf(parsePkcs12(file, { password, maxIterations: 3 * 2048 - 1 }))).toBe('ERR_PKI_LIMIT');
    expect(await codeOf(parsePkcs12(file, { password, maxIterations: 3 * 2048 }))).toBe('accepted');
    for (const maxIterations of [0, -1, Number.NaN, '5'])
      expect(await codeOf(parsePkcs12(file, { password, maxIterations: maxIterations as number }))).toBe(
        'ERR_PKI_LIMIT',
      );
  });

  test('a file over the limit is refused before it is read', async () => {
    expect(await codeOf(parsePkcs12(file, { password, maxBytes: 100 }))).toBe('ERR_PKI_LIMIT');
  });

  test('an OCTET STRING in indefinite pieces is read as one', async () => {
    const reader = new DerReader(file).enter(Tag.sequence, 'a file');
    const version = reader.element(Tag.integer, 'a version');
    const rest = file.slice(version.end);
    const indefinite = Uint8Array.from([0x30, 0x80, ...file.slice(version.start, version.end), ...rest, 0, 0]);
    expect((await parsePkcs12(indefinite, { password })).certificates).toHaveLength(2);
  });
});

/** The file with another iteration count in its MAC, the last element of all, and that many changed bits in its digest. */
function withMac(file: Uint8Array, iterations: number, changedBits: number): Uint8Array {
  const pfx = new DerReader(file).enter(Tag.sequence, 'a file');
  const kept = [pfx.any(), pfx.any()].map(({ bytes, start, end }) => bytes.slice(start, end));
  const mac = pfx.enter(Tag.sequence, 'a MAC');
  const [digest, salt] = [mac.any(), mac.any()].map(({ bytes, start, end }) => bytes.slice(start, end));
  const last = (digest as Uint8Array).length - 1;
  (digest as Uint8Array)[last] = ((digest as Uint8Array)[last] as number) ^ changedBits;
  const parts = [digest as Uint8Array, salt as Uint8Array];
  return encodeElement(Tag.sequence, ...kept, encodeSequence(...parts, encodeInteger(iterations)));
}

describe('K6 a key that cannot be read is in no error; its shape is', async () => {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const pem = key.export({ type: 'pkcs8', format: 'pem' }) as string;
  const jwk = key.export({ format: 'jwk' });
  const hex = Buffer.from(jwk.d ?? '', 'base64url').toString('hex');
  const body = pem.split('\n').slice(1, -2).join('');
  const { certificate } = await issueRootOf();
  const pieces = [body, hex, jwk.d ?? '', hex.toUpperCase()].flatMap((text) =>
    Array.from({ length: Math.max(0, text.length - 11) }, (_, at) => text.slice(at, at + 12)),
  );

  test.each<[string, string | Uint8Array, RegExp]>([
    ['"\\n" in place of line breaks', pem.replaceAll('\n', '\\n'), /in place of line breaks/],
    ['the same in bytes', new TextEncoder().encode(pem.replaceAll('\n', '\\n')), /in place of line breaks/],
    ['blanks in place of line breaks', pem.replaceAll('\n', ' '), /line breaks are missing/],
    ['no line breaks', pem.replaceAll('\n', ''), /line breaks are missing/],
    ['no first line', pem.split('\n').slice(1).join('\n'), /base64 without the line/],
    ['base64 alone', body, /base64 without the line/],
    ['a JWK', JSON.stringify(jwk), /a JWK/],
    ['a JWK with blanks', ` ${JSON.stringify(jwk, null, 2)}`, /JSON|JWK/],
    ['hexadecimal digits', hex, /hexadecimal/],
    ['quotation marks', `"${pem}"`, /quotation mark/],
    ['a second key', `${pem}${pem}`, /one private key, found 2/],
    [
      'a second key of another kind',
      `${pem}-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----`,
      /found 2/,
    ],
    ['no end', pem.split('\n').slice(0, -2).join('\n'), /end of the PEM block/],
    ['a sign that is none', pem.replace(body.slice(0, 3), 'MI!'), /base64 in the PEM block/],
    [
      'the key as a label',
      `-----BEGIN ${hex.toUpperCase()}-----\n${body}\n-----END ${hex.toUpperCase()}-----\n`,
      /another kind/,
    ],
    ['text behind', `${pem}${hex}`, /hexadecimal/],
    ['bytes that are not text', Uint8Array.of(0xff, ...new TextEncoder().encode(body)), /UTF-8/],
    ['DER cut short', key.export({ type: 'pkcs8', format: 'der' }).subarray(0, 60), /./],
    ['a list of numbers', [...Buffer.from(hex, 'hex')] as never, /bytes/],
  ])('%s', async (_, text, shape) => {
    for (const read of [
      () => parsePrivateKey(text),
      () => localSigner({ privateKey: text, certificateChain: [certificate] }).describe(),
      () => localKey({ privateKey: text }).describe(),
    ]) {
      const error = await read().then(
        () => expect.unreachable('it was read'),
        (caught: unknown) => caught,
      );
      expect(isCodedError(error)).toBe(true);
      const shown = inspect(error, { depth: 20, showHidden: true });
      expect((error as Error).message).toMatch(shape);
      expect(pieces.filter((piece) => shown.includes(piece))).toEqual([]);
    }
  });

  async function issueRootOf() {
    const authority = await createAuthority();
    return authority.issueLeaf();
  }
});

describe('a key as programs print it', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const leaf = await (await createAuthority()).issueLeaf();
  const bag = 'Bag Attributes\n    localKeyID: 01 02 \nKey Attributes: <No Attributes>\n';

  test.each<[string, string | Uint8Array]>([
    ['attributes of a bag', bag + pem],
    ['its chain in the same file', leaf.pem + bag + pem],
    [
      'parameters of its curve before it',
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${pem}`,
    ],
    ['printed before its block', `0 key\nPrivate-Key: (256 bit)\npriv:\n    00:b1\n${pem}`],
    ['a byte order mark', `\ufeff${pem}`],
    ['blanks before its lines', pem.replaceAll(/^/gm, '  ')],
    ['UTF-16', new Uint8Array(Buffer.from(`\ufeff${pem}`, 'utf16le'))],
  ])('is read: %s', async (_, text) => {
    const wanted = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }));
    expect((await parsePrivateKey(text)).export()).toEqual((await parsePrivateKey(wanted)).export());
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    expect((await parsePrivateKey(bytes)).export()).toEqual((await parsePrivateKey(wanted)).export());
  });

  test('one file of key and chain makes a signer', async () => {
    const file = bag + leaf.privateKeyPem + leaf.pem;
    const signer = localSigner({ privateKey: file, certificateChain: file });
    expect((await signer.describe()).certificateChain).toHaveLength(leaf.chain.length);
  });
});

describe('K9 opening a PKCS #12 file', async () => {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const file = withMac(await writePkcs12(key, [], { password, iterations: 1 }), 400_000, 0);

  test('does not block the event loop', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    expect(await codeOf(parsePkcs12(file, { password }))).not.toBe('ERR_PKI_LIMIT');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  test('ends when the caller aborts', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 1);
    await expect(parsePkcs12(file, { password, signal: controller.signal })).rejects.toBe(reason);
    await expect(parsePkcs12(file, { password, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('takes no more than two million iterations for all derivations', async () => {
    expect(await codeOf(parsePkcs12(withMac(file, 2_000_001, 0), { password }))).toBe('ERR_PKI_LIMIT');
  });
});
