import { type CallOptions, defined, isJsonArray, withoutSecrets } from '@notarykit/common/internal';
import { encodePem } from '@notarykit/pki/internal';
import type { CertificateChainInput } from '../certificate-chain.js';
import { callVault, fail, secretsOf, type VaultConnection, vaultName, vaultPath } from './http.js';

/** Options of {@link vaultPki}. */
export interface VaultPkiOptions extends VaultConnection {
  /**
   * The role to issue under. It must have `server_flag=false`, `client_flag=false`, `code_signing_flag=true` and
   * `key_usage=["DigitalSignature"]`: a role is made for TLS otherwise, and Notary signatures refuse its certificates.
   */
  readonly role: string;
  /** The common name to ask for. */
  readonly commonName: string;
  /** For example `2160h`. Default that of the role. */
  readonly ttl?: string;
  /** Mount of the PKI engine. Default `pki`. */
  readonly mount?: string;
  /** Certificates above those that the engine knows, up to the root: an engine that is an intermediate may not have it. */
  readonly caCertificates?: string;
}

/**
 * The PKI engine of Vault or OpenBao as the authority of `requestCertificate`. Needs `update` on `sign/<role>`.
 *
 * @throws {SignerError} what the engine refuses, from the function that it gives
 */
export function vaultPki(
  options: VaultPkiOptions,
): (csr: Uint8Array, call?: CallOptions) => Promise<CertificateChainInput> {
  const { role, commonName, ttl, mount = 'pki', caCertificates = '' } = options;
  const issue = async (csr: Uint8Array, call: CallOptions): Promise<CertificateChainInput> => {
    const body = {
      csr: encodePem('CERTIFICATE REQUEST', csr),
      common_name: commonName,
      ...defined({ ttl }),
    };
    const keyId = `${mount}/${role}`;
    const data = await callVault(options, vaultPath(mount, 'sign', vaultName(role, 'role')), { ...call, body, keyId });
    const above = isJsonArray(data['ca_chain']) ? data['ca_chain'] : [data['issuing_ca']];
    const texts = [data['certificate'], ...above].filter((text) => typeof text === 'string');
    if (texts.length < 2) throw fail('chain-mismatch', 'the answer has no certificate and issuer', keyId);
    return `${texts.join('\n')}\n${caCertificates}`;
  };
  return (csr, call = {}) => withoutSecrets(secretsOf(options), () => issue(csr, call));
}
