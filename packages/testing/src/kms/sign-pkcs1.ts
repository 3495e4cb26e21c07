import { constants, createPrivateKey, privateEncrypt } from 'node:crypto';
import type { HashAlgorithm } from './numbers.js';

/** DER of DigestInfo (RFC 8017, 9.2): besides lengths, the hash's number is the only difference. */
function digestInfo(hash: HashAlgorithm, digest: Uint8Array): Uint8Array {
  const number = { sha256: 1, sha384: 2, sha512: 3 }[hash];
  const whole = (digest.length + 17).toString(16);
  const head = `30${whole}300d060960864801650304020${number}050004${digest.length.toString(16)}`;
  return Buffer.concat([Buffer.from(head, 'hex'), digest]);
}

/** RSASSA-PKCS1-v1_5 over a digest: how requests for certificates are mostly signed, and never a Notary envelope. */
export function signDigestPkcs1(pkcs8: Uint8Array, hash: HashAlgorithm, digest: Uint8Array): Uint8Array {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(hash, digest));
}
