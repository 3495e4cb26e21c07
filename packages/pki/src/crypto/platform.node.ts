import { constants, createDecipheriv, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Bytes, concatBytes } from '@notarykit/common';
import type { SignatureParameters } from './platform.js';
import { type PublicKey, refuseKey } from './public-key.js';

const imported = new WeakMap<PublicKey, KeyObject>();

function importKey(key: PublicKey): KeyObject {
  const known = imported.get(key);
  if (known !== undefined) return known;
  try {
    const object = createPublicKey({ key: key.der as Buffer, format: 'der', type: 'spki' });
    imported.set(key, object);
    return object;
  } catch (cause) {
    return refuseKey('the public key cannot be imported: its numbers are not a key', cause);
  }
}

const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants;

/** `node:crypto` in this thread: no thread hop and no promise, under half of WebCrypto's time per RSA verification (bench: certificates). */
export function platformVerify(
  key: PublicKey,
  parameters: SignatureParameters,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const object = importKey(key);
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

/** Triple DES in CBC mode, which WebCrypto does not have; `undefined` when the padding says that the key is wrong. */
export function decryptTripleDes(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Bytes | undefined {
  const decipher = createDecipheriv('des-ede3-cbc', key, iv);
  try {
    return concatBytes([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return undefined;
  }
}
