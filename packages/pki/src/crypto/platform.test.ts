import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import type { SignatureParameters } from './platform.js';
import * as node from './platform.node.js';
import * as web from './platform.web.js';
import { curves, parsePublicKey } from './public-key.js';

const data = new TextEncoder().encode('net-monitor:v1');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const ed25519 = generateKeyPairSync('ed25519');

const cases: readonly [string, { privateKey: KeyObject; publicKey: KeyObject }, SignatureParameters, object][] = [
  ['PKCS #1 v1.5', rsa, { scheme: 'rsassa-pkcs1', hash: 'sha256' }, { padding: constants.RSA_PKCS1_PADDING }],
  [
    'PSS',
    rsa,
    { scheme: 'rsassa-pss', hash: 'sha384', saltLength: 48 },
    { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 },
  ],
  [
    'PSS with another salt',
    rsa,
    { scheme: 'rsassa-pss', hash: 'sha512', saltLength: 32 },
    { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  ],
  ['ECDSA', ec, { scheme: 'ecdsa', hash: 'sha512' }, { dsaEncoding: 'ieee-p1363' }],
  ['Ed25519', ed25519, { scheme: 'ed25519' }, {}],
];

describe('X5 both platforms give one verdict', () => {
  test.each(cases)('%s', async (_name, { privateKey, publicKey }, parameters, how) => {
    const key = parsePublicKey(publicKey.export({ format: 'der', type: 'spki' }));
    const good = new Uint8Array(sign('hash' in parameters ? parameters.hash : null, data, { key: privateKey, ...how }));
    const changed = good.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
    for (const [signature, expected] of [
      [good, true],
      [changed, false],
      // Not the first byte: where that is a zero, the platform accepts what is left, and `verifyRaw` refuses it by its length.
      [good.subarray(0, -1), false],
      [new Uint8Array(good.length), false],
      [new Uint8Array(), false],
    ] as const) {
      expect(await node.platformVerify(key, parameters, data, signature)).toBe(expected);
      expect(await node.platformVerify(key, parameters, data, signature, true)).toBe(expected);
      expect(await web.platformVerify(key, parameters, data, signature)).toBe(expected);
    }
  });

  test.each([ed25519, ec, rsa])('a key read from a Buffer copies its bytes', ({ publicKey }) => {
    const given = publicKey.export({ format: 'der', type: 'spki' });
    const before = Uint8Array.from(given);
    const key = parsePublicKey(given);
    expect(Uint8Array.from(given)).toEqual(before);
    given.fill(0);
    expect(key.der).toEqual(before);
  });

  test('PSS with another salt than asked is refused by both', async () => {
    const key = parsePublicKey(rsa.publicKey.export({ format: 'der', type: 'spki' }));
    const how = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 };
    const signature = new Uint8Array(sign('sha256', data, how));
    const parameters = { scheme: 'rsassa-pss', hash: 'sha256', saltLength: 32 } as const;
    expect(await node.platformVerify(key, parameters, data, signature)).toBe(false);
    expect(await web.platformVerify(key, parameters, data, signature)).toBe(false);
  });

  test.each(['P-256', 'P-384', 'P-521'] as const)('numbers at the edges of %s are refused by all', async (curve) => {
    const pair = generateKeyPairSync('ec', { namedCurve: curve });
    const key = parsePublicKey(pair.publicKey.export({ format: 'der', type: 'spki' }));
    const { octets } = curves[curve];
    const numbers = [0, 1, 0x7f, 0xff].map((last) =>
      new Uint8Array(octets).fill(last === 0xff ? 0xff : 0).fill(last, -1),
    );
    for (const r of numbers)
      for (const s of numbers) {
        const signature = Uint8Array.of(...r, ...s);
        const parameters = { scheme: 'ecdsa', hash: 'sha256' } as const;
        expect(await node.platformVerify(key, parameters, data, signature)).toBe(false);
        expect(await node.platformVerify(key, parameters, data, signature, true)).toBe(false);
        expect(await web.platformVerify(key, parameters, data, signature)).toBe(false);
      }
  });

  test('only keys with slow checks use a thread, on Node only', () => {
    const costly = (pair: { publicKey: KeyObject }) => {
      const key = parsePublicKey(pair.publicKey.export({ format: 'der', type: 'spki' }));
      expect(web.isCostly(key)).toBe(false);
      return node.isCostly(key);
    };
    expect([rsa, ec, ed25519].map(costly)).toEqual([false, true, false]);
    expect(costly(generateKeyPairSync('ec', { namedCurve: 'P-256' }))).toBe(false);
  });

  test('concurrent checks import a key once, and refuse an invalid key each time', async () => {
    const importKey = vi.spyOn(crypto.subtle, 'importKey');
    const parameters = { scheme: 'ecdsa', hash: 'sha512' } as const;
    const key = parsePublicKey(ec.publicKey.export({ format: 'der', type: 'spki' }));
    await Promise.all([1, 2].map(async () => node.platformVerify(key, parameters, data, new Uint8Array(132), true)));
    expect(importKey).toHaveBeenCalledTimes(1);
    expect(node.prepareKey(key)).toBeUndefined();
    const none = parsePublicKey(key.der.map((byte, i) => (i === key.der.length - 1 ? byte ^ 1 : byte)));
    for (let i = 0; i < 2; i++) {
      await node.prepareKey(none);
      const asked = node.platformVerify(none, parameters, data, new Uint8Array(132));
      await expect(asked).rejects.toMatchObject({ code: 'ERR_PKI_KEY' });
    }
    importKey.mockRestore();
  });

  test('both platforms refuse an invalid key', async () => {
    const der = new Uint8Array(ec.publicKey.export({ format: 'der', type: 'spki' }));
    der[der.length - 1] = (der[der.length - 1] as number) ^ 1;
    const key = parsePublicKey(der);
    const parameters = { scheme: 'ecdsa', hash: 'sha512' } as const;
    await expect(node.platformVerify(key, parameters, data, new Uint8Array(132))).rejects.toMatchObject({
      code: 'ERR_PKI_KEY',
    });
    await expect(node.platformVerify(key, parameters, data, new Uint8Array(132), true)).rejects.toMatchObject({
      code: 'ERR_PKI_KEY',
    });
    await expect(web.platformVerify(key, parameters, data, new Uint8Array(132))).rejects.toMatchObject({
      code: 'ERR_PKI_KEY',
    });
  });

  test('reports Ed25519 as unsupported on a platform without it', async () => {
    const importKey = vi.spyOn(crypto.subtle, 'importKey');
    importKey.mockRejectedValueOnce(new DOMException('Unrecognized name.', 'NotSupportedError'));
    const key = parsePublicKey(ed25519.publicKey.export({ format: 'der', type: 'spki' }));
    const asked = web.platformVerify(key, { scheme: 'ed25519' }, data, new Uint8Array(64));
    await expect(asked).rejects.toMatchObject({ code: 'ERR_PKI_KEY', message: expect.stringContaining('ed25519') });
    expect(web.isMissing('ed25519')).toBe(true);
    expect(web.isMissing('ecdsa')).toBe(false);
    expect(node.isMissing('ed25519')).toBe(false);
    importKey.mockRestore();
  });

  test('refuses triple DES on a platform without it', () => {
    expect(() => web.decryptCbc('des-ede3-cbc', new Uint8Array(24), new Uint8Array(8), new Uint8Array(8))).toThrow(
      expect.objectContaining({ code: 'ERR_PKI_KEY' }),
    );
  });
});
