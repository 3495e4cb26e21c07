import { withoutSecrets } from '@notarykit/common/internal';
import { encodePem } from '@notarykit/pki/internal';
import { type CertificateChainInput, readChainOf } from '../certificate-chain.js';
import type { CertifiableKey } from '../csr.js';
import { openOnce } from '../remote/open-once.js';
import { redactedKey } from '../remote/redacted.js';
import { remoteKey } from '../remote/remote-key.js';
import { callVault, secretsOf, vaultName, vaultPath } from './http.js';
import { readTransitKey, signDigest, type TransitKeySelector } from './transit.js';

/** Options of {@link vaultKey}. */
export interface VaultKeyOptions extends TransitKeySelector {
  /** How an RSA key signs its request. Default `rsassa-pkcs1`. */
  readonly rsaScheme?: 'rsassa-pss' | 'rsassa-pkcs1';
}

/** A transit key that asks for its certificate, and keeps it. */
export interface VaultKey extends CertifiableKey {
  /**
   * Stores a chain beside the version of the key that asked for it (`set-certificate`), where `vaultSigner` finds it. Needs
   * `update` on `keys/<key>/set-certificate`.
   *
   * @throws {SignerError} `chain-mismatch` when it is not the key's
   */
  storeChain(certificateChain: CertificateChainInput): Promise<void>;
}

/**
 * A transit key of Vault or OpenBao that has no certificate yet.
 *
 * @example
 * ```ts
 * const key = vaultKey({ address, token, key: 'net-monitor', fetch });
 * const { pem } = await requestCertificate(key, { subject, issue: vaultPki({ address, token, role: 'signing', fetch }) });
 * await key.storeChain(pem);
 * ```
 */
export function vaultKey(options: VaultKeyOptions): VaultKey {
  const { key: name, mount = 'transit', rsaScheme = 'rsassa-pkcs1' } = options;
  const found = openOnce((call) => readTransitKey(options, call), options);
  const key = remoteKey({
    rsaScheme,
    timeoutMs: options.timeoutMs,
    open: found.get,
    sign: (pinned, request) => signDigest(options, pinned, request),
  });
  return {
    ...redactedKey(key, secretsOf(options)),
    storeChain: (input) => withoutSecrets(secretsOf(options), () => store(input)),
  };

  async function store(input: CertificateChainInput): Promise<void> {
    const { keyId, version, publicKey } = await found.get({});
    const chain = (await readChainOf(input, publicKey)).ders();
    const certificate_chain = chain.map((der) => encodePem('CERTIFICATE', der)).join('');
    const body = { certificate_chain, version };
    await callVault(options, vaultPath(mount, 'keys', vaultName(name, 'key'), 'set-certificate'), { body, keyId });
  }
}
