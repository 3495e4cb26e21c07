import { type Bytes, concatBytes, hash as digestOf, type HashAlgorithm } from '@notarykit/common/internal';
import { CKM, pssParameters } from './constants.js';
import { refuse } from './errors.js';
import type { Pkcs11Mechanism } from './library.js';

/** What is to be signed, and how. */
export interface SigningTask {
  readonly data: Uint8Array;
  readonly hash: HashAlgorithm;
  readonly scheme: 'rsassa-pss' | 'rsassa-pkcs1' | 'ecdsa';
}

/** A mechanism and the bytes that it is given. */
export interface TokenOperation {
  readonly mechanism: Pkcs11Mechanism;
  readonly input: Bytes;
}

/**
 * The operation of a token for a signature: over a digest made here where the token can do that, which every token has and
 * which keeps large payloads away from it; or over all the data.
 *
 * @throws {SignerError} reason `wrong-key-usage` for a token that has neither mechanism
 */
export function operationOf(task: SigningTask, offered: ReadonlySet<number>): TokenOperation {
  const { data, hash, scheme } = task;
  const names = { 'rsassa-pss': 'rsaPss', 'rsassa-pkcs1': 'rsaPkcs', ecdsa: 'ecdsa' } as const;
  const [bare, hashing] = [bareMechanisms[scheme], CKM.hashing[hash][names[scheme]]];
  const parameters = scheme === 'rsassa-pss' ? { parameter: pssOf(hash) } : {};
  if (offered.has(bare)) return { mechanism: { mechanism: bare, ...parameters }, input: bareInput(task) };
  if (offered.has(hashing)) return { mechanism: { mechanism: hashing, ...parameters }, input: concatBytes([data]) };
  throw refuse('wrong-key-usage', `the token offers no mechanism for ${scheme} with ${hash}`);
}

/** Whether a token can sign in a scheme. */
export function offersScheme(
  scheme: SigningTask['scheme'],
  hash: HashAlgorithm,
  offered: ReadonlySet<number>,
): boolean {
  try {
    operationOf({ data: new Uint8Array(), hash, scheme }, offered);
    return true;
  } catch {
    return false;
  }
}

const bareMechanisms = { 'rsassa-pss': CKM.RSA_PKCS_PSS, 'rsassa-pkcs1': CKM.RSA_PKCS, ecdsa: CKM.ECDSA } as const;

function pssOf(hash: HashAlgorithm): NonNullable<Pkcs11Mechanism['parameter']> {
  const { digest, mgf } = CKM.hashing[hash];
  return { type: pssParameters, hashAlg: digest, mgf, saltLen: Number(hash.slice(3)) / 8 };
}

/** DER of DigestInfo (RFC 8017, 9.2) up to the digest: this mechanism of a token only pads. */
const digestInfo: Readonly<Record<HashAlgorithm, readonly number[]>> = {
  sha256: [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
  ],
  sha384: [
    0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30,
  ],
  sha512: [
    0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40,
  ],
};

function bareInput({ data, hash, scheme }: SigningTask): Bytes {
  const digest = digestOf(hash, data);
  return scheme === 'rsassa-pkcs1' ? concatBytes([Uint8Array.from(digestInfo[hash]), digest]) : digest;
}
