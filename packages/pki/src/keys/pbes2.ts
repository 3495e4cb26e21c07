import { type Bytes, untilAborted, webCrypto } from '@notarykit/common/internal';
import { decryptCbc } from '#crypto';
import { contentOf, type DerReader, decodeOid, decodeUnsigned, Tag } from '../asn1/index.js';
import { refuseKey } from '../crypto/public-key.js';
import type { DecryptOptions } from './decrypt-options.js';
import { pkcs5Password } from './password.js';

/** A cipher of PBES2 in CBC mode: its name, the length of its key and of its initialisation vector. */
interface Cipher {
  readonly name: string;
  readonly key: number;
  readonly iv: number;
}

const cipher = (name: string, key: number, iv = 16): Cipher => ({ name, key, iv });

/** AES is in WebCrypto; the others are where `node:crypto` has them. */
const ciphers: Readonly<Record<string, Cipher>> = /* @__PURE__ */ (() => ({
  '2.16.840.1.101.3.4.1.2': cipher('aes', 16),
  '2.16.840.1.101.3.4.1.22': cipher('aes', 24),
  '2.16.840.1.101.3.4.1.42': cipher('aes', 32),
  '1.2.840.113549.3.7': cipher('des-ede3-cbc', 24, 8),
  '1.2.410.200046.1.1.2': cipher('aria-128-cbc', 16),
  '1.2.410.200046.1.1.7': cipher('aria-192-cbc', 24),
  '1.2.410.200046.1.1.12': cipher('aria-256-cbc', 32),
  '1.2.392.200011.61.1.1.1.2': cipher('camellia-128-cbc', 16),
  '1.2.392.200011.61.1.1.1.3': cipher('camellia-192-cbc', 24),
  '1.2.392.200011.61.1.1.1.4': cipher('camellia-256-cbc', 32),
}))();

/** Hashes of HMAC that WebCrypto derives keys with. */
const native: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'SHA-1',
  '1.2.840.113549.2.9': 'SHA-256',
  '1.2.840.113549.2.10': 'SHA-384',
  '1.2.840.113549.2.11': 'SHA-512',
};

const oidPbkdf2 = '1.2.840.113549.1.5.12';
const oidScrypt = '1.3.6.1.4.1.11591.4.11';
/** Of scrypt; OpenSSL's own keys need 16 MiB. */
const mostMemory = 64 * 1024 * 1024;

/** What PBES2 (RFC 8018, 6.2) protects; undefined when the password is wrong. @throws {PkiError} */
export async function decryptPbes2(
  reader: DerReader,
  ciphertext: Uint8Array,
  options: DecryptOptions,
): Promise<Bytes | undefined> {
  const derivation = reader.enter(Tag.sequence, 'a key derivation');
  const scheme = reader.enter(Tag.sequence, 'a cipher');
  reader.finish('PBES2 parameters');
  const oid = decodeOid(scheme.element(Tag.oid, 'a cipher'));
  const found = ciphers[oid];
  if (found === undefined) return refuseKey(`the cipher ${oid} is not supported; expected AES in CBC mode`);
  const iv = contentOf(scheme.element(Tag.octetString, 'an initialisation vector'));
  if (iv.length !== found.iv) refuseKey(`expected an initialisation vector of ${found.iv} bytes, found ${iv.length}`);
  const key = await derive(derivation, found.key, options);
  return found.name === 'aes' ? decryptAes(key, iv, ciphertext) : decryptCbc(found.name, key, iv, ciphertext);
}

async function decryptAes(key: Bytes, iv: Bytes, ciphertext: Uint8Array): Promise<Bytes | undefined> {
  const imported = await webCrypto().importKey('raw', key, 'AES-CBC', false, ['decrypt']);
  const plain = await webCrypto()
    .decrypt({ name: 'AES-CBC', iv }, imported, ciphertext as Bytes)
    .catch(() => undefined);
  return plain === undefined ? undefined : new Uint8Array(plain);
}

function derive(reader: DerReader, length: number, options: DecryptOptions): Promise<Bytes> {
  const oid = decodeOid(reader.element(Tag.oid, 'a key derivation'));
  const parameters = reader.enter(Tag.sequence, 'parameters of a key derivation');
  if (oid === oidPbkdf2) return derivePbkdf2(parameters, length, options);
  if (oid === oidScrypt) return deriveScrypt(parameters, length, options);
  return refuseKey(`the key derivation ${oid} is not supported; expected PBKDF2 or scrypt`);
}

function readLength(parameters: DerReader, length: number): void {
  const given = parameters.optional(Tag.integer);
  if (given !== undefined && decodeUnsigned(given) !== length) refuseKey('the key length is not that of the cipher');
}

async function derivePbkdf2(parameters: DerReader, length: number, options: DecryptOptions): Promise<Bytes> {
  const salt = contentOf(parameters.element(Tag.octetString, 'a salt'));
  const iterations = decodeUnsigned(parameters.element(Tag.integer, 'an iteration count'));
  if (iterations === 0) refuseKey('expected at least one iteration of a key derivation, found 0');
  readLength(parameters, length);
  const prf = parameters.enterOptional(Tag.sequence);
  // RFC 8018, A.2: HMAC with SHA-1 is the default.
  const oid = prf === undefined ? '1.2.840.113549.2.7' : decodeOid(prf.element(Tag.oid, 'a pseudorandom function'));
  options.budget.take(iterations);
  const password = pkcs5Password(options.password);
  const hash = native[oid];
  if (hash === undefined) return untilAborted(deriveWith(oid, password, salt, iterations, length), options.signal);
  const base = await webCrypto().importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  const bits = webCrypto().deriveBits({ name: 'PBKDF2', salt, iterations, hash }, base, length * 8);
  return new Uint8Array(await untilAborted(bits, options.signal));
}

/** HMAC with the truncated hashes of SHA-2, which WebCrypto lacks. */
async function deriveWith(oid: string, password: Bytes, salt: Bytes, c: number, dkLen: number): Promise<Bytes> {
  const { sha224, sha512_224, sha512_256 } = await import('@noble/hashes/sha2.js');
  const hashes: Readonly<Record<string, typeof sha224 | typeof sha512_224>> = {
    '1.2.840.113549.2.8': sha224,
    '1.2.840.113549.2.12': sha512_224,
    '1.2.840.113549.2.13': sha512_256,
  };
  const hash = hashes[oid];
  if (hash === undefined) return refuseKey(`the pseudorandom function ${oid} is not supported`);
  const { pbkdf2Async } = await import('@noble/hashes/pbkdf2.js');
  return (await pbkdf2Async(hash, password, salt, { c, dkLen })) as Bytes;
}

/** scrypt (RFC 7914, 7). Its cost in iterations is that of its mixing. */
async function deriveScrypt(parameters: DerReader, length: number, options: DecryptOptions): Promise<Bytes> {
  const salt = contentOf(parameters.element(Tag.octetString, 'a salt'));
  const [N, r, p] = ['a cost', 'a block size', 'a parallelisation'].map((what) =>
    decodeUnsigned(parameters.element(Tag.integer, what)),
  ) as [number, number, number];
  readLength(parameters, length);
  if (N < 2 || !Number.isInteger(Math.log2(N)) || r < 1 || p < 1 || 128 * r * (N + p) > mostMemory)
    refuseKey(`expected parameters of scrypt that need at most ${mostMemory} bytes, found N ${N}, r ${r}, p ${p}`);
  options.budget.take(N * r * p);
  const { scryptAsync } = await import('@noble/hashes/scrypt.js');
  const derived = scryptAsync(pkcs5Password(options.password), salt, {
    N,
    r,
    p,
    dkLen: length,
    maxmem: 2 * mostMemory,
  });
  return (await untilAborted(derived, options.signal)) as Bytes;
}
