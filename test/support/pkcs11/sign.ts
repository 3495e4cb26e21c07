import { constants, createPrivateKey, privateEncrypt } from 'node:crypto';
import type { HashAlgorithm } from '@notarykit/common';
import { hash as hashOf } from '@notarykit/common/internal';
import type { Pkcs11Mechanism } from '@notarykit/kms-providers/pkcs11';
import { type KeyPair, signDigest } from '@notarykit/testing';

const hashes: readonly HashAlgorithm[] = ['sha256', 'sha384', 'sha512'];
const byDigest: Readonly<Record<number, HashAlgorithm>> = { 592: 'sha256', 608: 'sha384', 624: 'sha512' };
const [rsaPkcs, pss, ecdsa] = [0x001, 0x00d, 0x1041];

/** What a token does for a mechanism, and what it refuses by the name of its return value. */
export function signLikeToken({ mechanism, parameter }: Pkcs11Mechanism, pair: KeyPair, data: Uint8Array): Uint8Array {
  const hashing = hashes.find((_, i) => [0x40, 0x43, 0x1044].some((first) => first + i === mechanism));
  const rsa = pair.keySpec.startsWith('RSA');
  if (rsa !== mechanism < ecdsa) throw new Error('CKR_KEY_TYPE_INCONSISTENT');
  if (mechanism === rsaPkcs || (mechanism >= 0x40 && mechanism <= 0x42)) {
    if (hashing !== undefined) throw new Error('CKR_MECHANISM_INVALID');
    const key = createPrivateKey({ key: Buffer.from(pair.pkcs8), format: 'der', type: 'pkcs8' });
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, data);
  }
  if (mechanism === pss || (mechanism >= 0x43 && mechanism <= 0x45)) {
    const name = byDigest[parameter?.hashAlg ?? 0];
    if (name === undefined || parameter?.type !== 5 || (hashing ?? name) !== name) throw new Error('CKR_ARGUMENTS_BAD');
    const size = Number(name.slice(3)) / 8;
    if (parameter.mgf !== 2 + hashes.indexOf(name) || parameter.saltLen !== size) throw new Error('CKR_ARGUMENTS_BAD');
    if (hashing === undefined && data.length !== size) throw new Error('CKR_DATA_LEN_RANGE');
    return signDigest(pair.pkcs8, name, hashing === undefined ? data : hashOf(hashing, data));
  }
  return signDigest(pair.pkcs8, 'sha256', hashing === undefined ? data : hashOf(hashing, data));
}
