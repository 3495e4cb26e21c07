import { constants, createDecipheriv, createPublicKey, getCiphers, KeyObject, verify } from 'node:crypto';
import { type Bytes, concatBytes } from '@notarykit/common';
import type { SignatureParameters } from './platform.js';
import { keyBitsOf, type PublicKey, refuseKey } from './public-key.js';

const imported = new WeakMap<PublicKey, KeyObject>();

/**
 * The SubjectPublicKeyInfo was read strictly already, so only the numbers in it are handed over: OpenSSL's own search for a reader
 * of it costs 110 microseconds, more than a verification by RSA or P-256 (bench: trust, cold).
 */
async function importKey(key: PublicKey): Promise<KeyObject> {
  const object = (await importNumbers(key)) ?? importInfo(key);
  imported.set(key, object);
  return object;
}

async function importNumbers(key: PublicKey): Promise<KeyObject | undefined> {
  const bits = keyBitsOf(key);
  try {
    if (key.type === 'rsa') return createPublicKey({ key: bits as Buffer, format: 'der', type: 'pkcs1' });
    if (key.curve === undefined) return undefined;
    const algorithm = { name: 'ECDSA', namedCurve: key.curve };
    return KeyObject.from(await crypto.subtle.importKey('raw', bits, algorithm, true, ['verify']));
  } catch {
    // Whether it is a key at all is said by the way that every version of the platform has.
    return undefined;
  }
}

function importInfo(key: PublicKey): KeyObject {
  try {
    return createPublicKey({ key: key.der as Buffer, format: 'der', type: 'spki' });
  } catch (cause) {
    return refuseKey('the public key cannot be imported: its numbers are not a key', cause);
  }
}

const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants;

/** `node:crypto` in this thread: no thread hop, and for a key seen before no promise; under half of WebCrypto's time per RSA verification (bench: certificates). */
export function platformVerify(
  key: PublicKey,
  parameters: SignatureParameters,
  data: Uint8Array,
  signature: Uint8Array,
): boolean | Promise<boolean> {
  const known = imported.get(key);
  if (known !== undefined) return verifyBy(known, parameters, data, signature);
  return importKey(key).then((object) => verifyBy(object, parameters, data, signature));
}

/** `node:crypto` has every scheme. */
export function isMissing(_scheme: SignatureParameters['scheme']): boolean {
  return false;
}

function verifyBy(
  object: KeyObject,
  parameters: SignatureParameters,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (parameters.scheme === 'ed25519') return verify(null, data, object, signature);
  const { scheme, hash } = parameters;
  if (scheme === 'ecdsa') return verify(hash, data, { key: object, dsaEncoding: 'ieee-p1363' }, signature);
  if (scheme === 'rsassa-pkcs1') return verify(hash, data, { key: object, padding: RSA_PKCS1_PADDING }, signature);
  return verify(
    hash,
    data,
    { key: object, padding: RSA_PKCS1_PSS_PADDING, saltLength: parameters.saltLength },
    signature,
  );
}

/** Ciphers in CBC mode that WebCrypto does not have; `undefined` when the padding says that the key is wrong. */
export function decryptCbc(cipher: string, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Bytes | undefined {
  if (!getCiphers().includes(cipher)) return refuseKey(`this build of the platform has no cipher ${cipher}`);
  const decipher = createDecipheriv(cipher, key, iv);
  try {
    return concatBytes([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return undefined;
  }
}
