import { type Bytes, type HashAlgorithm, webCrypto } from '@notarykit/common/internal';
import { type Certificate, verifyRaw } from '@notarykit/pki/internal/core';
import { algorithmOf, type KeySpec, type SignatureAlgorithm } from '../algorithms.js';
import { ecdsaDerToP1363 } from './ecdsa-encoding.js';
import { digestOfRequest } from './hash-payload.js';

/** A signature that is not valid, and what it should have been one of. */
export interface SignatureToDiagnose {
  readonly leaf: Certificate;
  readonly keySpec: KeySpec;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** Which of the usual mistakes a signature is, and what to do about it. */
export interface SignatureDiagnosis {
  readonly reason: 'bad-signature' | 'bad-signature-encoding';
  readonly message: string;
}

interface Signed extends SignatureToDiagnose {
  readonly row: SignatureAlgorithm;
}

/** Whether a signature is the one that the Notary Project wants: of the leaf's key, over the payload, with the parameters of the key. */
export async function isNotarySignature(given: SignatureToDiagnose): Promise<boolean> {
  return isValid({ ...given, row: algorithmOf(given.keySpec) });
}

/**
 * Says why a signature is not valid: DER in place of r and s, numbers without their leading zeros, PKCS #1 v1.5 in place of PSS, a salt
 * of another length, another hash, a digest that was hashed once more, or a length that no signature has. Nothing of it makes a
 * signature good.
 *
 * @returns `undefined` when none of these fits: another key, or other bytes
 */
export async function diagnoseSignature(given: SignatureToDiagnose): Promise<SignatureDiagnosis | undefined> {
  const signed: Signed = { ...given, row: algorithmOf(given.keySpec) };
  const { row, payload, signature } = signed;
  const found = await (row.type === 'ec' ? diagnoseEc(signed) : diagnoseRsa(signed));
  if (found !== undefined) return found;
  const digest = digestOfRequest({ payload, keySpec: row.keySpec });
  if (await isValid({ ...signed, payload: digest }))
    return bad('the digest was hashed twice; tell the service that it gets a digest, or give it the payload');
  const hash = await otherHash(signed);
  if (hash !== undefined) return bad(`the hash is ${nameOf(hash)}, expected ${nameOf(row.hash)}`);
  if (signature.length === row.signatureLength) return undefined;
  const length = `a signature has ${signature.length} bytes, expected ${row.signatureLength}`;
  return bad(`${length}; give it back as the service made it`);
}

function bad(message: string): SignatureDiagnosis {
  return { reason: 'bad-signature', message };
}

/** `SHA-256` for `sha256`. */
function nameOf(hash: HashAlgorithm): string {
  return `SHA-${hash.slice(3)}`;
}

async function isValid({ leaf, row, payload, signature }: Signed, hash: HashAlgorithm = row.hash): Promise<boolean> {
  if (signature.length !== row.signatureLength) return false;
  const scheme = row.type === 'rsa' ? 'rsassa-pss' : 'ecdsa';
  return verifyRaw({ publicKey: leaf.publicKey, scheme, hash, data: payload, signature }).catch(() => false);
}

async function otherHash(signed: Signed): Promise<HashAlgorithm | undefined> {
  for (const hash of ['sha256', 'sha384', 'sha512'] as const)
    if (hash !== signed.row.hash && (await isValid(signed, hash))) return hash;
  return undefined;
}

async function diagnoseEc(signed: Signed): Promise<SignatureDiagnosis | undefined> {
  const { signature, row } = signed;
  if (await isValid({ ...signed, signature: fromDer(signature, row) }))
    return encoding('expected r and s, found DER; convert it: ecdsaDerToP1363(signature, keySpec)');
  const size = row.signatureLength / 2;
  // Without padding, either number may be shorter; where one ends is not written down.
  for (let cut = Math.max(1, signature.length - size); cut < signature.length && cut <= size; cut++) {
    const padded = new Uint8Array(row.signatureLength);
    padded.set(signature.subarray(0, cut), size - cut);
    padded.set(signature.subarray(cut), row.signatureLength - (signature.length - cut));
    if (signature.length < row.signatureLength && (await isValid({ ...signed, signature: padded })))
      return encoding(`r or s has lost its leading zeros: pad each to ${size} bytes`);
  }
  return undefined;
}

function encoding(message: string): SignatureDiagnosis {
  return { reason: 'bad-signature-encoding', message };
}

function fromDer(signature: Uint8Array, { keySpec }: SignatureAlgorithm): Uint8Array {
  try {
    return ecdsaDerToP1363(signature, keySpec);
  } catch {
    return new Uint8Array();
  }
}

async function diagnoseRsa(signed: Signed): Promise<SignatureDiagnosis | undefined> {
  const { leaf, row, payload, signature } = signed;
  const pkcs1 = {
    publicKey: leaf.publicKey,
    scheme: 'rsassa-pkcs1',
    hash: row.hash,
    data: payload,
    signature,
  } as const;
  if (await verifyRaw(pkcs1).catch(() => false))
    return bad(`the signature is RSASSA-PKCS1-v1_5; ask the service for RSASSA-PSS with ${nameOf(row.hash)}`);
  const salt = await saltLengthOf(signed);
  if (salt === undefined || salt === row.saltLength) return undefined;
  return bad(`the salt has ${salt} bytes, expected ${row.saltLength}; ask the service for a salt as long as the hash`);
}

/** Measures the salt of RSASSA-PSS: a verifier with a given length accepts only that one. */
export async function saltLengthOf(given: SignatureToDiagnose): Promise<number | undefined> {
  const { leaf, payload, signature } = given;
  const row = algorithmOf(given.keySpec);
  if (row.type !== 'rsa' || signature.length !== row.signatureLength) return undefined;
  const algorithm = { name: 'RSA-PSS', hash: nameOf(row.hash) };
  const spki = leaf.publicKey.der as Bytes;
  const key = await webCrypto().importKey('spki', spki, algorithm, false, ['verify']);
  const longest = row.signatureLength - row.saltLength - 2;
  const likely = [row.saltLength, longest, row.saltLength - 1, 0, 20];
  const all = [...likely, ...Array.from({ length: longest }, (_, length) => length)];
  for (const saltLength of all) {
    const valid = await webCrypto().verify({ name: 'RSA-PSS', saltLength }, key, signature as Bytes, payload as Bytes);
    if (valid) return saltLength;
  }
  return undefined;
}
