import {
  type CallOptions,
  decodeBase64,
  decodeBase64Url,
  encodeBase64,
  isJsonObject,
  type JsonObject,
  quote,
} from '@notarykit/common';
import { parsePem } from '@notarykit/pki';
import { algorithmOf, digestOfRequest, type Signer, type SignRequest } from '@notarykit/signature-envelope';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';
import { type RemoteKey, remoteSigner } from './remote/remote-signer.js';
import { callVault, fail, type VaultConnection } from './vault/http.js';

export type { VaultConnection, VaultServer, VaultTokenSource } from './vault/http.js';
export { type VaultCredentials, type VaultLoginOptions, vaultLogin } from './vault/login.js';

/** Options of {@link vaultSigner}. */
export interface VaultSignerOptions extends VaultConnection {
  /** Name of the transit key. */
  readonly key: string;
  /** Default the latest version when the key is first used; it is pinned from then on. */
  readonly version?: number;
  /** Mount of the transit engine. Default `transit`. */
  readonly mount?: string;
  /**
   * Where the chain is: a PEM text in a KV version 2 engine, as notation's Vault plugin keeps it; or given. Default: stored beside
   * the key by `set-certificate`.
   */
  readonly chain?: { readonly kv: string; readonly path: string; readonly field?: string } | CertificateChainInput;
}

/**
 * Signs with a transit key of HashiCorp Vault or OpenBao; the key never leaves it. Needs `read` on the key and `update` on
 * `sign/<key>`. No SDK is needed.
 *
 * @throws {SignerError} from `describe` and `sign`
 *
 * @example
 * ```ts
 * const signer = vaultSigner({ address: 'https://vault.wabbit-networks.io:8200', token, key: 'net-monitor', fetch });
 * ```
 */
export function vaultSigner(options: VaultSignerOptions): Signer {
  return remoteSigner({
    open: (call) => openKey(options, call),
    sign: (key, request) => signDigest(options, key, request),
  });
}

const path = (...parts: readonly string[]): string =>
  parts.map((part) => part.split('/').map(encodeURIComponent).join('/')).join('/');

async function openKey(options: VaultSignerOptions, call: CallOptions): Promise<RemoteKey> {
  const { key, mount = 'transit' } = options;
  const data = await callVault(options, path(mount, 'keys', key), { ...call, keyId: key });
  const version = options.version ?? data['latest_version'];
  const versions = isJsonObject(data['keys']) ? data['keys'] : {};
  const entry = typeof version === 'number' ? versions[`${version}`] : undefined;
  if (data['supports_signing'] === false) throw fail('wrong-key-usage', `key ${key} does not sign`, key);
  if (typeof version !== 'number' || !isJsonObject(entry))
    throw fail('key-not-found', `key ${key} has no version ${quote(version)}`, key);
  const keyId = `${mount}/${key}:v${version}`;
  const [block] = typeof entry['public_key'] === 'string' ? parsePem(entry['public_key']) : [];
  if (block === undefined) throw fail('unsupported-key', `key ${key} has no public key`, keyId);
  return { keyId, chain: await readChainOf(await chainOf(options, entry, keyId, call), block.der) };
}

async function chainOf(
  options: VaultSignerOptions,
  entry: JsonObject,
  keyId: string,
  call: CallOptions,
): Promise<CertificateChainInput> {
  const { chain, key } = options;
  if (chain === undefined)
    return textOf(
      entry['certificate_chain'],
      keyId,
      `no chain is stored with key ${key}; store one with set-certificate, or give it`,
    );
  if (typeof chain === 'string' || Array.isArray(chain)) return chain as CertificateChainInput;
  const { kv, path: secret, field = 'certificate' } = chain as { kv: string; path: string; field?: string };
  const data = await callVault(options, path(kv, 'data', secret), { ...call, keyId });
  return textOf(
    isJsonObject(data['data']) ? data['data'][field] : undefined,
    keyId,
    `${kv}/${secret} has no text in field ${field}`,
  );
}

function textOf(value: unknown, keyId: string, message: string): string {
  if (typeof value !== 'string' || value === '') throw fail('chain-mismatch', message, keyId);
  return value;
}

async function signDigest(
  options: VaultSignerOptions,
  { keyId }: RemoteKey,
  request: SignRequest,
): Promise<Uint8Array> {
  const { key, mount = 'transit' } = options;
  const { type, hash } = algorithmOf(request.keySpec);
  // Without salt_length Vault makes the salt as long as it can, which no verifier of PS256 accepts.
  const scheme = type === 'rsa' ? { signature_algorithm: 'pss', salt_length: 'hash' } : { marshaling_algorithm: 'jws' };
  const version = Number(keyId.slice(keyId.lastIndexOf(':v') + 2));
  const data = await callVault(options, path(mount, 'sign', key), {
    body: {
      input: encodeBase64(digestOfRequest(request)),
      prehashed: true,
      hash_algorithm: `sha2-${hash.slice(3)}`,
      key_version: version,
      ...scheme,
    },
    keyId,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  const answered = data['key_version'];
  if (answered !== undefined && answered !== version)
    throw fail('bad-signature', `expected a signature by version ${version}, found one by ${quote(answered)}`, keyId);
  return decodeSignature(data['signature'], type, keyId);
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
