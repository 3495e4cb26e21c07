import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { parsePublicKey } from './public-key.js';
import { verifyRaw } from './verify-raw.js';

const data = new TextEncoder().encode('net-monitor:v1');
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = parsePublicKey(publicKey.export({ format: 'der', type: 'spki' }));
const how = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

/** One of 256 signatures begins with a zero, and the salt makes each another one. */
function signatureWithLeadingZero(): Uint8Array {
  for (let tries = 0; tries < 20_000; tries++) {
    const signature = sign('sha256', data, how);
    if (signature[0] === 0) return new Uint8Array(signature);
  }
  throw new Error('no signature begins with a zero');
}

test('J20 an RSA signature is as long as its modulus: a leading zero is part of it', async () => {
  const signature = signatureWithLeadingZero();
  const verify = (bytes: Uint8Array) =>
    verifyRaw({ publicKey: key, scheme: 'rsassa-pss', hash: 'sha256', data, signature: bytes });
  expect(await verify(signature)).toBe(true);
  expect(await verify(signature.subarray(1))).toBe(false);
  expect(await verify(Uint8Array.of(0, ...signature))).toBe(false);
});
