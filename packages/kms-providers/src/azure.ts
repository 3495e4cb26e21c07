import type { CallOptions } from '@notarykit/common';
import { type Certificate, parseCertificate, parseCertificates, parsePem } from '@notarykit/pki';
import {
  algorithmOf,
  digestOfRequest,
  type JwsAlgorithm,
  type Signer,
  SignerError,
  type SignRequest,
} from '@notarykit/signature-envelope';
import { azureError } from './azure/errors.js';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';
import { type RemoteKey, remoteSigner } from './remote/remote-signer.js';

/** How the Azure clients are told to stop. */
export interface AbortOptions {
  abortSignal?: AbortSignal;
}

/** What a vault says of a certificate. */
export interface AzureCertificate {
  readonly keyId?: string;
  readonly cer?: Uint8Array;
  readonly properties: { readonly version?: string };
}

/** The part of `CertificateClient` of `@azure/keyvault-certificates` that is used. */
export interface AzureCertificateClient {
  getCertificate(name: string, options?: AbortOptions): Promise<AzureCertificate>;
  getCertificateVersion(name: string, version: string, options?: AbortOptions): Promise<AzureCertificate>;
}

/** The part of `CryptographyClient` of `@azure/keyvault-keys` that is used. */
export interface AzureCryptographyClient {
  sign(algorithm: JwsAlgorithm, digest: Uint8Array, options?: AbortOptions): Promise<{ readonly result: Uint8Array }>;
}

/** The part of `SecretClient` of `@azure/keyvault-secrets` that is used. */
export interface AzureSecretClient {
  getSecret(
    name: string,
    options?: AbortOptions & { version?: string },
  ): Promise<{ readonly value?: string; readonly properties: { readonly contentType?: string } }>;
}

/** Options of {@link azureKeyVaultSigner}. */
export interface AzureKeyVaultSignerOptions {
  readonly certificates: AzureCertificateClient;
  /** Name of the certificate in the vault. */
  readonly name: string;
  /** Default the version that is current when the key is first used; it is pinned from then on. */
  readonly version?: string;
  /** Makes the client of one key version: `(keyId) => new CryptographyClient(keyId, credential)`. */
  readonly crypto: (keyId: string) => AzureCryptographyClient;
  /** Certificates from the issuer up to the root. A vault gives the leaf alone. */
  readonly caCertificates?: CertificateChainInput;
  /**
   * Reads the whole chain from the certificate's secret instead. Of an exportable certificate the secret holds the private key
   * too: it is thrown away unread, but whoever may read it may take it. Needs the permission `secrets/get`.
   */
  readonly secrets?: AzureSecretClient;
}

/**
 * Signs with the key of a certificate in Azure Key Vault; the key never leaves the vault. Needs `certificates/get` and
 * `keys/sign`. The key version is the certificate's own, so that a rotation cannot pair it with another chain.
 *
 * @throws {SignerError} from `describe` and `sign`, with the service's request id
 *
 * @example
 * ```ts
 * import { CertificateClient } from '@azure/keyvault-certificates';
 * import { CryptographyClient } from '@azure/keyvault-keys';
 *
 * const signer = azureKeyVaultSigner({
 *   certificates: new CertificateClient('https://wabbit.vault.azure.net', credential),
 *   name: 'net-monitor',
 *   crypto: (keyId) => new CryptographyClient(keyId, credential),
 *   caCertificates: await readFile('issuers.pem', 'utf8'),
 * });
 * ```
 */
export function azureKeyVaultSigner(options: AzureKeyVaultSignerOptions): Signer {
  return remoteSigner({
    async open(call) {
      try {
        return await openCertificate(options, call);
      } catch (error) {
        throw azureError(error, options.name, call.signal);
      }
    },
    sign: (key, request) => signDigest(options.crypto(key.keyId), key, request),
  });
}

/** Options of {@link azureKeySigner}. */
export interface AzureKeySignerOptions {
  /** A client made for exactly `keyId`. */
  readonly client: AzureCryptographyClient;
  /** URL of a key with its version. */
  readonly keyId: string;
  readonly certificateChain: CertificateChainInput;
}

/**
 * Signs with a key that has no certificate beside it, as in Azure Managed HSM; the chain comes from the caller.
 *
 * @throws {SignerError} reason `bad-key` for a key URL without version: a rotation would change the key unnoticed
 */
export function azureKeySigner({ client, keyId, certificateChain }: AzureKeySignerOptions): Signer {
  checkVersioned(keyId);
  return remoteSigner({
    open: async () => ({ keyId, chain: await readChainOf(certificateChain) }),
    sign: (key, request) => signDigest(client, key, request),
  });
}

const abortable = ({ signal }: CallOptions): AbortOptions => (signal === undefined ? {} : { abortSignal: signal });

async function openCertificate(options: AzureKeyVaultSignerOptions, call: CallOptions): Promise<RemoteKey> {
  const { certificates, name, version } = options;
  const found =
    version === undefined
      ? await certificates.getCertificate(name, abortable(call))
      : await certificates.getCertificateVersion(name, version, abortable(call));
  // The service answers an unknown version with the latest one.
  if (version !== undefined && found.properties.version !== version) {
    throw refuse(
      'key-not-found',
      `expected version ${version} of certificate ${name}, found ${found.properties.version ?? 'none'}`,
      name,
    );
  }
  if (found.cer === undefined || found.keyId === undefined)
    throw refuse('key-not-found', `certificate ${name} has no content or no key yet`, name);
  checkVersioned(found.keyId);
  const leaf = parseCertificate(new Uint8Array(found.cer));
  const chain = await readChainOf(
    [leaf, ...(await issuersOf(options, found, leaf, call))].map(({ der }) => der),
    leaf.publicKey.der,
  );
  return { keyId: found.keyId, chain };
}

function refuse(reason: 'key-not-found' | 'bad-key' | 'chain-mismatch', message: string, keyId: string): SignerError {
  return new SignerError(`Azure Key Vault: ${message}`, { reason, provider: 'azure-key-vault', keyId });
}

function checkVersioned(keyId: string): void {
  if (!/\/keys\/[^/]+\/[^/]+$/.test(keyId))
    throw refuse('bad-key', 'expected the URL of a key with its version, ending in "/keys/<name>/<version>"', keyId);
}

async function issuersOf(
  options: AzureKeyVaultSignerOptions,
  found: AzureCertificate,
  leaf: Certificate,
  call: CallOptions,
): Promise<readonly Certificate[]> {
  const { caCertificates, secrets, name } = options;
  if (secrets !== undefined) {
    const { version } = found.properties;
    const secret = await secrets.getSecret(name, { ...abortable(call), ...(version === undefined ? {} : { version }) });
    return certificatesOfSecret(secret, name).filter(({ fingerprint }) => fingerprint !== leaf.fingerprint);
  }
  if (caCertificates === undefined) return [];
  return typeof caCertificates === 'string'
    ? parseCertificates(caCertificates)
    : caCertificates.map((der) => parseCertificate(new Uint8Array(der)));
}

function certificatesOfSecret(
  secret: Awaited<ReturnType<AzureSecretClient['getSecret']>>,
  name: string,
): readonly Certificate[] {
  if (secret.properties.contentType === 'application/x-pkcs12') {
    throw refuse(
      'chain-mismatch',
      `the secret of ${name} is PKCS#12; create the certificate with content type "application/x-pem-file", or give caCertificates`,
      name,
    );
  }
  // Key blocks are dropped without being looked at.
  return parsePem(secret.value ?? '')
    .filter(({ label }) => label === 'CERTIFICATE')
    .map(({ der }) => parseCertificate(der));
}

async function signDigest(
  client: AzureCryptographyClient,
  { keyId }: RemoteKey,
  request: SignRequest,
): Promise<Uint8Array> {
  const { signal } = request;
  try {
    const { result } = await client.sign(
      algorithmOf(request.keySpec).jws,
      digestOfRequest(request),
      signal === undefined ? {} : { abortSignal: signal },
    );
    return result;
  } catch (error) {
    throw azureError(error, keyId, signal);
  }
}
