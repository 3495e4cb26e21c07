import type { Bytes } from '@notarykit/common/internal';
import { algorithmOf } from '@notarykit/signature-envelope/internal';
import { derOf } from './der.js';
import { engine } from './engine.js';
import { hashNames, importPrivateKey, type KeyPair } from './keys.js';
import type { SigningOptions } from './signing-options.js';

/** Key and hash, as the structures of pkijs are signed with them. */
export async function signingKey(key: KeyPair, options: SigningOptions): Promise<[key: CryptoKey, hash: string]> {
  const row = algorithmOf(key.keySpec);
  const isEc = row.type === 'ec';
  const hash = options.hash ?? (isEc ? row.hash : 'sha256');
  const scheme = isEc ? 'ecdsa' : (options.scheme ?? 'pkcs1');
  return [await importPrivateKey(key, scheme, hash), hashNames[hash]];
}

/** What certificates, CRLs and requests of pkijs have in common. */
interface Signable {
  sign(key: CryptoKey, hash: string, crypto: typeof engine): Promise<void>;
  toSchema(encode: true): { toBER(): ArrayBuffer };
}

/** The DER of a certificate, a CRL or a request, signed. */
export async function signed(structure: Signable, key: KeyPair, options: SigningOptions): Promise<Bytes> {
  await structure.sign(...(await signingKey(key, options)), engine);
  return derOf(structure.toSchema(true));
}
