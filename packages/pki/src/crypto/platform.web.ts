import { type Bytes, webCrypto } from '@notarykit/common';
import type { SignatureHash, SignatureParameters } from './platform.js';
import { type PublicKey, refuseKey } from './public-key.js';

const hashNames: Readonly<Record<SignatureHash, string>> = {
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

// An RSA CryptoKey is bound to its scheme and hash at import, so one public key may have several.
const imported = new WeakMap<PublicKey, Map<string, Promise<CryptoKey>>>();

function importKey(key: PublicKey, parameters: SignatureParameters): Promise<CryptoKey> {
  const keys = imported.get(key) ?? new Map<string, Promise<CryptoKey>>();
  imported.set(key, keys);
  const name = parameters.scheme === 'ecdsa' ? 'ecdsa' : `${parameters.scheme}/${parameters.hash}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const fresh = webCrypto()
    .importKey('spki', key.der, importAlgorithm(key, parameters), false, ['verify'])
    .catch((cause: unknown) => refuseKey('the public key cannot be imported: its numbers are not a key', cause));
  keys.set(name, fresh);
  return fresh;
}

function importAlgorithm(
  key: PublicKey,
  { scheme, hash }: SignatureParameters,
): RsaHashedImportParams | EcKeyImportParams {
  if (scheme === 'ecdsa') return { name: 'ECDSA', namedCurve: key.curve ?? '' };
  return { name: scheme === 'rsassa-pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: hashNames[hash] };
}

function verifyAlgorithm(parameters: SignatureParameters): AlgorithmIdentifier | RsaPssParams | EcdsaParams {
  switch (parameters.scheme) {
    case 'ecdsa':
      return { name: 'ECDSA', hash: hashNames[parameters.hash] };
    case 'rsassa-pss':
      return { name: 'RSA-PSS', saltLength: parameters.saltLength };
    default:
      return { name: 'RSASSA-PKCS1-v1_5' };
  }
}

/** WebCrypto: browsers, workers and every runtime without `node:crypto`. */
export async function platformVerify(
  key: PublicKey,
  parameters: SignatureParameters,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const cryptoKey = await importKey(key, parameters);
  return webCrypto().verify(verifyAlgorithm(parameters), cryptoKey, signature as Bytes, data as Bytes);
}

/** Only `node:crypto` has ciphers besides AES. @throws {PkiError} `ERR_PKI_KEY` always */
export function decryptCbc(
  cipher: string,
  _key: Uint8Array,
  _iv: Uint8Array,
  _ciphertext: Uint8Array,
): Bytes | undefined {
  return refuseKey(`the cipher ${cipher} is not supported on this platform; convert the file to PBES2 with AES`);
}
