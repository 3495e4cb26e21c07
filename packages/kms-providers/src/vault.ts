import { type CallOptions, isJsonObject, type JsonObject } from '@notarykit/common/internal';
import type { Signer } from '@notarykit/signature-envelope/internal';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';
import { redactedSigner } from './remote/redacted.js';
import { type RemoteKey, remoteSigner } from './remote/remote-signer.js';
import { callVault, fail, secretsOf, vaultPath } from './vault/http.js';
import { readTransitKey, signDigest, type TransitKey, type TransitKeySelector } from './vault/transit.js';

export type { VaultConnection, VaultTokenSource } from './vault/http.js';
export { type VaultKey, type VaultKeyOptions, vaultKey } from './vault/key.js';
export { type VaultCredentials, type VaultLoginOptions, vaultLogin } from './vault/login.js';
export { type VaultPkiOptions, vaultPki } from './vault/pki.js';

/** Options of {@link vaultSigner}. */
export interface VaultSignerOptions extends TransitKeySelector {
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
  const signer = remoteSigner({
    timeoutMs: options.timeoutMs,
    open: (call) => openKey(options, call),
    sign: (key, request) => signDigest(options, key, request),
  });
  return redactedSigner(signer, secretsOf(options));
}

async function openKey(
  options: VaultSignerOptions,
  call: CallOptions,
): Promise<RemoteKey & Pick<TransitKey, 'version'>> {
  const { keyId, version, entry, publicKey } = await readTransitKey(options, call);
  return { keyId, version, chain: await readChainOf(await chainOf(options, entry, keyId, call), publicKey) };
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
  const data = await callVault(options, vaultPath(kv, 'data', secret), { ...call, keyId });
  return textOf(
    isJsonObject(data['data']) ? data['data'][field] : undefined,
    keyId,
    `${kv}/${secret} has no string in the field ${field}`,
  );
}

function textOf(value: unknown, keyId: string, message: string): string {
  if (typeof value !== 'string' || value === '') throw fail('chain-mismatch', message, keyId);
  return value;
}
