import { type Bytes, webCrypto } from '@notarykit/common/internal';
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
  const name = isBound(parameters) ? `${parameters.scheme}/${parameters.hash}` : parameters.scheme;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const fresh = webCrypto()
    .importKey('spki', key.der, importAlgorithm(key, parameters), false, ['verify'])
    .catch((cause: unknown) => refuseImport(parameters, cause));
  keys.set(name, fresh);
  return fresh;
}

type RsaParameters = Extract<SignatureParameters, { readonly scheme: 'rsassa-pkcs1' | 'rsassa-pss' }>;

function isBound(parameters: SignatureParameters): parameters is RsaParameters {
  return parameters.scheme === 'rsassa-pkcs1' || parameters.scheme === 'rsassa-pss';
}

const missing = new Set<SignatureParameters['scheme']>();

/** Whether this platform lacks the scheme: its signatures are not invalid, they were never checked. */
export function isMissing(scheme: SignatureParameters['scheme']): boolean {
  return missing.has(scheme);
}

/** Ed25519 came to WebCrypto late. */
function refuseImport({ scheme }: SignatureParameters, cause: unknown): never {
  if ((cause as { name?: unknown } | undefined)?.name !== 'NotSupportedError')
    refuseKey('the public key cannot be imported: its numbers do not make a valid key', cause);
  missing.add(scheme);
  return refuseKey(`this platform has no ${scheme}`, cause);
}

function importAlgorithm(
  key: PublicKey,
  parameters: SignatureParameters,
): AlgorithmIdentifier | RsaHashedImportParams | EcKeyImportParams {
  if (parameters.scheme === 'ed25519') return { name: 'Ed25519' };
  if (parameters.scheme === 'ecdsa') return { name: 'ECDSA', namedCurve: key.curve ?? '' };
  const name = parameters.scheme === 'rsassa-pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5';
  return { name, hash: hashNames[parameters.hash] };
}

function verifyAlgorithm(parameters: SignatureParameters): AlgorithmIdentifier | RsaPssParams | EcdsaParams {
  switch (parameters.scheme) {
    case 'ecdsa':
      return { name: 'ECDSA', hash: hashNames[parameters.hash] };
    case 'ed25519':
      return { name: 'Ed25519' };
    case 'rsassa-pss':
      return { name: 'RSA-PSS', saltLength: parameters.saltLength };
    default:
      return { name: 'RSASSA-PKCS1-v1_5' };
  }
}

/** A key is imported by its first check, for what that check is by. */
export function prepareKey(_key: PublicKey): Promise<unknown> | undefined {
  return undefined;
}

/** WebCrypto never checks in this thread. */
export function isCostly(_key: PublicKey): boolean {
  return false;
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
