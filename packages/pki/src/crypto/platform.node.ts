import {
  constants,
  createDecipheriv,
  createPublicKey,
  getCiphers,
  KeyObject,
  type SigningOptions,
  verify,
} from 'node:crypto';
import { type Bytes, concatBytes } from '@notarykit/common/internal';
import type { SignatureParameters } from './platform.js';
import { keyBitsOf, type PublicKey, refuseKey } from './public-key.js';
import { threads } from './threads.node.js';

/** A promise while a key is being imported, so that checks at the same time import it once. */
const imported = new WeakMap<PublicKey, KeyObject | Promise<KeyObject>>();

/** Imports a key that takes time, so that a check with it begins at once. Nothing to wait for where it was imported before. */
export function prepareKey(key: PublicKey): Promise<unknown> | undefined {
  const known = imported.get(key);
  if (known instanceof KeyObject || key.type !== 'ec') return undefined;
  // A check with the key reports why it cannot be imported.
  return keyObject(key, known).catch(() => undefined);
}

function keyObject(key: PublicKey, known: Promise<KeyObject> | undefined): Promise<KeyObject> {
  if (known !== undefined) return known;
  const importing = importKey(key);
  imported.set(key, importing);
  importing.catch(() => imported.delete(key));
  return importing;
}

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
    return refuseKey('the public key cannot be imported: its numbers do not make a valid key', cause);
  }
}

const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants;

/**
 * `node:crypto` in this thread: no thread hop, and for a key seen before no promise; under half of WebCrypto's time per RSA verification
 * (bench: certificates). With `concurrent`, in a thread of the platform's pool while one is free.
 */
export function platformVerify(
  key: PublicKey,
  parameters: SignatureParameters,
  data: Uint8Array,
  signature: Uint8Array,
  concurrent = false,
): boolean | Promise<boolean> {
  const known = imported.get(key);
  if (known instanceof KeyObject) return verifyBy(known, parameters, data, signature, concurrent);
  return keyObject(key, known).then((object) => verifyBy(object, parameters, data, signature, concurrent));
}

/**
 * Whether a check with the key costs much more than to hand it to another thread, about 60 microseconds: a P-384 check costs 450, one
 * with P-256 or RSA of 4096 bits 50 (bench: trust, cold).
 */
export function isCostly({ type, curve, bits }: PublicKey): boolean {
  return type === 'ec' ? curve !== 'P-256' : type === 'rsa' && bits > 4096;
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
  concurrent: boolean,
): boolean | Promise<boolean> {
  const hash = parameters.scheme === 'ed25519' ? null : parameters.hash;
  const key = { key: object, ...platformOptions(parameters) };
  if (!concurrent || !threads.isFree()) return verify(hash, data, key, signature);
  return threads.run((done) => verify(hash, data, key, signature, done));
}

function platformOptions(parameters: SignatureParameters): SigningOptions {
  switch (parameters.scheme) {
    case 'ecdsa':
      return { dsaEncoding: 'ieee-p1363' };
    case 'ed25519':
      return {};
    case 'rsassa-pss':
      return { padding: RSA_PKCS1_PSS_PADDING, saltLength: parameters.saltLength };
    default:
      return { padding: RSA_PKCS1_PADDING };
  }
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
