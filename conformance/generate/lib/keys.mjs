// Keys and signatures that are the same on every run: EC keys come from their name, RSA keys from conformance/keys, nonces and
// salts from what is signed. None of them is a secret, and none must be used outside of this kit.
import { constants, createECDH, createHmac, createPrivateKey, createPublicKey, privateEncrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bytes, hash } from './bytes.mjs';
import { bits, integer, octets, oid, sequence, unsigned } from './der.mjs';

/** What a key of a kind signs with (signature-specification.md, "Algorithm Selection"). */
export const specs = {
  'EC-256': {
    type: 'ec',
    curve: 'prime256v1',
    oid: '1.2.840.10045.3.1.7',
    bits: 256,
    hash: 'sha256',
    jws: 'ES256',
    cose: -7,
  },
  'EC-384': { type: 'ec', curve: 'secp384r1', oid: '1.3.132.0.34', bits: 384, hash: 'sha384', jws: 'ES384', cose: -35 },
  'EC-521': { type: 'ec', curve: 'secp521r1', oid: '1.3.132.0.35', bits: 521, hash: 'sha512', jws: 'ES512', cose: -36 },
  'RSA-2048': { type: 'rsa', bits: 2048, hash: 'sha256', jws: 'PS256', cose: -37 },
  'RSA-3072': { type: 'rsa', bits: 3072, hash: 'sha384', jws: 'PS384', cose: -38 },
  'RSA-4096': { type: 'rsa', bits: 4096, hash: 'sha512', jws: 'PS512', cose: -39 },
  // Not allowed for signers.
  'EC-256K': { type: 'ec', curve: 'secp256k1', oid: '1.3.132.0.10', bits: 256, hash: 'sha256', jws: 'ES256', cose: -7 },
  'EC-224': { type: 'ec', curve: 'secp224r1', oid: '1.3.132.0.33', bits: 224, hash: 'sha256', jws: 'ES256', cose: -7 },
  'RSA-1024': { type: 'rsa', bits: 1024, hash: 'sha256', jws: 'PS256', cose: -37 },
};
export const algorithms = ['EC-256', 'EC-384', 'EC-521', 'RSA-2048', 'RSA-3072', 'RSA-4096'];

const orders = {
  'EC-224': 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
  'EC-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'EC-256K': 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  'EC-384': 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'EC-521': (1n << 521n) - 0x5ae79787c40d069948033feb708f65a2fc44a36477663b851449048e16ec79bf7n,
};

const kept = new Map();

/** The key of a name: `leaf` of `EC-256` is always the same. RSA keys of one size differ by their last word, `-b`, alone. */
export function keyOf(spec, name) {
  const id = `${spec}/${name}`;
  if (!kept.has(id)) kept.set(id, specs[spec].type === 'ec' ? ecKey(spec, name) : rsaKey(spec, name));
  return kept.get(id);
}

function ecKey(spec, name) {
  const { oid: curve, curve: namedCurve } = specs[spec];
  const order = orders[spec];
  const d = (toBigInt(stretch(`key ${spec} ${name}`, 80)) % (order - 1n)) + 1n;
  const scalar = fromBigInt(d, widthOf(spec));
  const point = pointOf(namedCurve, scalar);
  const spki = sequence(sequence(oid('1.2.840.10045.2.1'), oid(curve)), bits(point));
  const ecPrivateKey = sequence(integer(1), octets(scalar));
  const pkcs8 = sequence(integer(0), sequence(oid('1.2.840.10045.2.1'), oid(curve)), octets(ecPrivateKey));
  return { spec, spki, pkcs8, scalar: d };
}

function rsaKey(spec, name) {
  const file = `${spec.toLowerCase()}${name.endsWith('-b') ? '-b' : ''}.pem`;
  const privateKey = createPrivateKey(readFileSync(new URL(`../../keys/${file}`, import.meta.url)));
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return { spec, spki, pkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }), privateKey };
}

export const pemOf = (label, der) =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replaceAll(/(.{64})(?=.)/g, '$1\n')}\n-----END ${label}-----\n`;

/** k times the base point, uncompressed. */
function pointOf(curve, scalar) {
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(scalar);
  return ecdh.getPublicKey();
}

/**
 * A signature as envelopes carry it: r and s of the field's width, or RSASSA-PSS. `scheme`: `pkcs1` in place of PSS; `salt`: its
 * length; `mgf`: another hash of the mask.
 */
export function signRaw(key, data, options = {}) {
  const digest = options.hash ?? specs[key.spec].hash;
  if (specs[key.spec].type === 'ec') return ecdsa(key, hash(digest, data));
  if (options.scheme === 'pkcs1') return rsa(key, pkcs1(key, digest, data));
  return rsa(key, pss(key, digest, data, options));
}

/** A signature as certificates carry it: ECDSA as a SEQUENCE of r and s, RSA by PKCS #1 v1.5 unless PSS is asked for. */
export function signDer(key, data, options = {}) {
  const raw = signRaw(key, data, { scheme: 'pkcs1', ...options });
  return specs[key.spec].type === 'ec' ? derOfRaw(raw) : raw;
}

export function derOfRaw(raw) {
  const half = raw.length / 2;
  return sequence(unsigned(raw.subarray(0, half)), unsigned(raw.subarray(half)));
}

function ecdsa(key, digest) {
  const order = orders[key.spec];
  const width = widthOf(key.spec);
  const shift = BigInt(Math.max(0, digest.length * 8 - specs[key.spec].bits));
  const z = toBigInt(digest) >> shift;
  const k = (toBigInt(stretch(`nonce ${key.scalar} ${digest.toString('hex')}`, 80)) % (order - 1n)) + 1n;
  const point = pointOf(specs[key.spec].curve, fromBigInt(k, width));
  const r = toBigInt(point.subarray(1, 1 + width)) % order;
  const s = (inverse(k, order) * (z + r * key.scalar)) % order;
  return bytes(fromBigInt(r, width), fromBigInt(s, width));
}

const rsa = (key, block) => privateEncrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, block);

/** EMSA-PSS (RFC 8017, 9.1.1) with a salt made of the message. */
function pss(key, digest, data, { salt: saltLength, mgf = digest }) {
  const messageHash = hash(digest, data);
  const salt = stretch(`salt ${messageHash.toString('hex')}`, saltLength ?? messageHash.length);
  const length = specs[key.spec].bits / 8;
  const h = hash(digest, bytes(Buffer.alloc(8), messageHash, salt));
  const db = bytes(Buffer.alloc(length - salt.length - h.length - 2), [1], salt);
  const mask = mgf1(mgf, h, db.length);
  const masked = db.map((byte, i) => byte ^ mask[i]);
  masked[0] &= 0x7f;
  return bytes(masked, h, [0xbc]);
}

function mgf1(digest, seed, length) {
  const blocks = [];
  for (let i = 0; Buffer.concat(blocks).length < length; i++) blocks.push(hash(digest, bytes(seed, [0, 0, 0, i])));
  return Buffer.concat(blocks).subarray(0, length);
}

const digestOids = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
export const hashIdentifier = (name) => sequence(oid(digestOids[name]), [0x05, 0x00]);

/** EMSA-PKCS1-v1_5 (RFC 8017, 9.2). */
function pkcs1(key, digest, data) {
  const info = sequence(hashIdentifier(digest), octets(hash(digest, data)));
  return bytes([0, 1], Buffer.alloc(specs[key.spec].bits / 8 - info.length - 3, 0xff), [0], info);
}

const signatureOids = {
  rsa: {
    sha1: '1.2.840.113549.1.1.5',
    sha256: '1.2.840.113549.1.1.11',
    sha384: '1.2.840.113549.1.1.12',
    sha512: '1.2.840.113549.1.1.13',
  },
  ec: {
    sha1: '1.2.840.10045.4.1',
    sha256: '1.2.840.10045.4.3.2',
    sha384: '1.2.840.10045.4.3.3',
    sha512: '1.2.840.10045.4.3.4',
  },
};

/** AlgorithmIdentifier of a signature in certificates, CRLs, OCSP answers and tokens. */
export function signatureIdentifier(key, { hash: digest = specs[key.spec].hash } = {}) {
  const { type } = specs[key.spec];
  return sequence(oid(signatureOids[type][digest]), ...(type === 'rsa' ? [[0x05, 0x00]] : []));
}

/** To-be-signed part, algorithm and signature in one SEQUENCE. */
export function signed(key, tbs, options = {}, ...after) {
  const signature = signDer(key, tbs, options);
  const broken = options.corrupt === true ? Buffer.from(signature).fill(0x5a, signature.length - 4) : signature;
  return sequence(tbs, options.algorithm ?? signatureIdentifier(key, options), bits(broken), ...after);
}

const widthOf = (spec) => Math.ceil(specs[spec].bits / 8);
const toBigInt = (data) => BigInt(`0x${Buffer.from(data).toString('hex') || '0'}`);
const fromBigInt = (value, width) => Buffer.from(value.toString(16).padStart(width * 2, '0'), 'hex');

/** As many bytes as are asked for, the same for the same seed. */
export function stretch(seed, length) {
  const blocks = [];
  for (let i = 0; blocks.length * 32 < length; i++)
    blocks.push(createHmac('sha256', 'conformance kit').update(`${seed} ${i}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

function inverse(value, modulus) {
  let [a, b, x, y] = [((value % modulus) + modulus) % modulus, modulus, 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}
