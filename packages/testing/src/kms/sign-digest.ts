import {
  constants,
  createECDH,
  createHash,
  createPrivateKey,
  type KeyObject,
  privateEncrypt,
  randomBytes,
} from 'node:crypto';
import { type HashAlgorithm, sizeOfCurve, toBigInt, toBytes } from './numbers.js';

/** Orders of the groups (FIPS 186-4, D.1.2). */
const orders = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384': 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521':
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
} as const;

const curveNames = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' } as const;

/**
 * A private key that signs digests, as key services do; `node:crypto` itself would hash once more. EC: r and s.
 *
 * @param salt of RSASSA-PSS: as long as the hash, or as long as the key lets it be
 */
export function signDigest(
  pkcs8: Uint8Array,
  hash: HashAlgorithm,
  digest: Uint8Array,
  salt: 'hash' | 'maximal' = 'hash',
): Uint8Array {
  const key = keyOf(pkcs8);
  return 'd' in key ? signEcdsa(key, digest) : signPss(key, hash, digest, salt);
}

interface EcKey {
  readonly curve: keyof typeof orders;
  readonly d: bigint;
}

/** A service has its keys at hand: reading one takes longer than signing with it. */
const keys = new WeakMap<Uint8Array, KeyObject | EcKey>();

function keyOf(pkcs8: Uint8Array): KeyObject | EcKey {
  const known = keys.get(pkcs8);
  if (known !== undefined) return known;
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const read = key.asymmetricKeyType === 'rsa' ? key : ecKeyOf(key);
  keys.set(pkcs8, read);
  return read;
}

function ecKeyOf(key: KeyObject): EcKey {
  const { crv, d } = key.export({ format: 'jwk' });
  return { curve: crv as keyof typeof orders, d: toBigInt(Buffer.from(d as string, 'base64url')) };
}

/** EMSA-PSS (RFC 8017, 9.1.1), then the bare RSA operation. */
function signPss(key: KeyObject, hash: HashAlgorithm, digest: Uint8Array, saltIs: 'hash' | 'maximal'): Uint8Array {
  const length = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const salt = randomBytes(saltIs === 'hash' ? digest.length : length - digest.length - 2);
  const h = createHash(hash).update(new Uint8Array(8)).update(digest).update(salt).digest();
  const db = Buffer.concat([Buffer.alloc(length - salt.length - h.length - 2), Buffer.of(1), salt]);
  const mask = mgf1(hash, h, db.length);
  const masked = db.map((byte, i) => byte ^ (mask[i] as number));
  masked[0] = (masked[0] as number) & 0x7f;
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.concat([masked, h, Buffer.of(0xbc)]));
}

function mgf1(hash: HashAlgorithm, seed: Uint8Array, length: number): Uint8Array {
  const parts: Buffer[] = [];
  for (let i = 0, have = 0; have < length; i++) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(i);
    const part = createHash(hash).update(seed).update(counter).digest();
    parts.push(part);
    have += part.length;
  }
  return Buffer.concat(parts).subarray(0, length);
}

function signEcdsa({ curve, d }: EcKey, digest: Uint8Array): Uint8Array {
  const [n, size] = [orders[curve], sizeOfCurve[curve]];
  for (;;) {
    const ephemeral = createECDH(curveNames[curve]);
    const point = ephemeral.generateKeys();
    const r = toBigInt(point.subarray(1, 1 + size)) % n;
    const s = (inverse(toBigInt(ephemeral.getPrivateKey()), n) * (toBigInt(digest) + r * d)) % n;
    if (r !== 0n && s !== 0n) return Buffer.concat([toBytes(r, size), toBytes(s, size)]);
  }
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b !== 0n) {
    const q = a / b;
    [a, b, x, y] = [b, a - q * b, y, x - q * y];
  }
  return ((x % modulus) + modulus) % modulus;
}
