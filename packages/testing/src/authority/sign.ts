import { type Bytes, concatBytes, type HashAlgorithm } from '@notarykit/common';
import { algorithmOf } from '@notarykit/signature-envelope';
import { bitString, context, element, integer, nullValue, oid, sequence } from './der.js';
import { importPrivateKey, type KeyPair, type SignatureScheme, signRaw } from './keys.js';

/** How a structure is signed; by default the way of the key: ECDSA with its hash, or PKCS#1 with SHA-256. */
export interface SigningOptions {
  readonly scheme?: SignatureScheme;
  readonly hash?: HashAlgorithm;
}

const hashOids: Readonly<Record<HashAlgorithm, string>> = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
const pkcs1Oids: Readonly<Record<HashAlgorithm, string>> = {
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};
const ecdsaOids: Readonly<Record<HashAlgorithm, string>> = {
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

/** AlgorithmIdentifier of a hash, parameters absent or NULL. */
export function hashIdentifier(hash: HashAlgorithm, parameters: 'absent' | 'null' = 'null'): Bytes {
  return sequence(oid(hashOids[hash]), ...(parameters === 'null' ? [nullValue()] : []));
}

function chosen(key: KeyPair, options: SigningOptions): Required<SigningOptions> {
  const row = algorithmOf(key.keySpec);
  return row.type === 'ec'
    ? { scheme: 'ecdsa', hash: options.hash ?? row.hash }
    : { scheme: options.scheme ?? 'pkcs1', hash: options.hash ?? 'sha256' };
}

/** AlgorithmIdentifier of a signature (RFC 4055, RFC 5758). */
export function signatureIdentifier(key: KeyPair, options: SigningOptions = {}): Bytes {
  const { scheme, hash } = chosen(key, options);
  if (scheme === 'ecdsa') return sequence(oid(ecdsaOids[hash]));
  if (scheme === 'pkcs1') return sequence(oid(pkcs1Oids[hash]), nullValue());
  const mask = sequence(oid('1.2.840.113549.1.1.8'), hashIdentifier(hash));
  const parameters = sequence(
    context(0, hashIdentifier(hash)),
    context(1, mask),
    context(2, integer(Number(hash.slice(3)) / 8)),
  );
  return sequence(oid('1.2.840.113549.1.1.10'), parameters);
}

/** A signature as X.509 and CMS carry it: ECDSA as a SEQUENCE of r and s. */
export async function signDer(key: KeyPair, data: Uint8Array, options: SigningOptions = {}): Promise<Bytes> {
  const { scheme, hash } = chosen(key, options);
  const raw = await signRaw(await importPrivateKey(key, scheme, hash), scheme, hash, data);
  return scheme === 'ecdsa' ? ecdsaDer(raw) : raw;
}

function ecdsaDer(raw: Bytes): Bytes {
  const half = raw.length / 2;
  return sequence(unsigned(raw.subarray(0, half)), unsigned(raw.subarray(half)));
}

function unsigned(bytes: Uint8Array): Bytes {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? new Uint8Array([0]) : bytes.subarray(start);
  const sign = (digits[0] as number) >= 0x80 ? [new Uint8Array([0])] : [];
  return element(0x02, concatBytes([...sign, digits]));
}

/** To-be-signed part, algorithm and signature in one SEQUENCE, as certificates, CRLs, OCSP answers and CSRs are. */
export async function signed(
  key: KeyPair,
  tbs: Uint8Array,
  options: SigningOptions = {},
  ...after: readonly Uint8Array[]
): Promise<Bytes> {
  const signature = await signDer(key, tbs, options);
  return sequence(tbs, signatureIdentifier(key, options), bitString(signature), ...after);
}
