import {
  type Bytes,
  type CallOptions,
  decodeBase64,
  decodeBase64Url,
  defined,
  encodeBase64,
  isJsonObject,
  type JsonObject,
  quote,
} from '@notarykit/common/internal';
import { parsePem, parsePublicKey } from '@notarykit/pki/internal';
import { algorithmOf, digestOfRequest } from '@notarykit/signature-envelope/internal';
import type { KeySigningRequest } from '../remote/signing-request.js';
import { callVault, fail, type VaultConnection, vaultName, vaultPath } from './http.js';

/** Which key of a transit engine. */
export interface TransitKeySelector extends VaultConnection {
  /** Name of the transit key. */
  readonly key: string;
  /** Default the latest version when the key is first used; it is pinned from then on. */
  readonly version?: number;
  /** Mount of the transit engine. Default `transit`. */
  readonly mount?: string;
}

/** A version of a key, as the engine describes it. */
export interface TransitKey {
  readonly keyId: string;
  readonly version: number;
  readonly publicKey: Bytes;
  readonly entry: JsonObject;
}

/** Reads a key and finds its version. */
export async function readTransitKey(options: TransitKeySelector, call: CallOptions): Promise<TransitKey> {
  const { key, mount = 'transit' } = options;
  const data = await callVault(options, vaultPath(mount, 'keys', vaultName(key, 'key')), { ...call, keyId: key });
  const version = options.version ?? data['latest_version'];
  const versions = isJsonObject(data['keys']) ? data['keys'] : {};
  const entry = typeof version === 'number' ? versions[`${version}`] : undefined;
  if (data['supports_signing'] === false)
    throw fail('wrong-key-usage', `key ${key} cannot sign: its type does not support signatures`, key);
  if (typeof version !== 'number' || !isJsonObject(entry))
    throw fail('key-not-found', `key ${key} has no version ${quote(version)}`, key);
  const keyId = `${mount}/${key}:v${version}`;
  return { keyId, version, publicKey: readPublicKey(entry['public_key'], keyId), entry };
}

function readPublicKey(pem: unknown, keyId: string): Bytes {
  if (typeof pem !== 'string' || pem === '') throw fail('unsupported-key', 'the key has no public key', keyId);
  try {
    const [block] = parsePem(pem);
    return parsePublicKey(block?.der ?? new Uint8Array()).der;
  } catch (cause) {
    throw fail('unavailable', 'the answer has a public key that cannot be read', keyId, cause);
  }
}

/** Signs with exactly this version. */
export async function signDigest(
  options: TransitKeySelector,
  { keyId, version }: Pick<TransitKey, 'keyId' | 'version'>,
  request: KeySigningRequest,
): Promise<Uint8Array> {
  const { key, mount = 'transit' } = options;
  const { type, hash } = algorithmOf(request.keySpec);
  const data = await callVault(options, vaultPath(mount, 'sign', vaultName(key, 'key')), {
    body: {
      input: encodeBase64(digestOfRequest(request)),
      prehashed: true,
      hash_algorithm: `sha2-${hash.slice(3)}`,
      key_version: version,
      ...schemeOf(request),
    },
    keyId,
    ...defined({ signal: request.signal }),
  });
  const answered = data['key_version'];
  if (answered !== undefined && answered !== version)
    throw fail('bad-signature', `expected a signature by version ${version}, found one by ${quote(answered)}`, keyId);
  return decodeSignature(data['signature'], type, keyId);
}

function schemeOf({ keySpec, scheme }: KeySigningRequest): JsonObject {
  if (algorithmOf(keySpec).type === 'ec') return { marshaling_algorithm: 'jws' };
  if (scheme === 'rsassa-pkcs1') return { signature_algorithm: 'pkcs1v15' };
  // Without salt_length Vault makes the salt as long as it can, which no verifier of PS256 accepts.
  return { signature_algorithm: 'pss', salt_length: 'hash' };
}

/** `vault:v1:<base64>`; what stands before the last colon is a template that an operator may change. */
function decodeSignature(value: unknown, type: 'rsa' | 'ec', keyId: string): Uint8Array {
  if (typeof value !== 'string') throw fail('bad-signature', 'the answer has no signature', keyId);
  const text = value.slice(value.lastIndexOf(':') + 1);
  try {
    return type === 'ec' ? decodeBase64Url(text) : decodeBase64(text);
  } catch (cause) {
    throw fail('bad-signature-encoding', 'the signature is not in base64', keyId, cause);
  }
}
