import type { JwsAlgorithm } from '@notarykit/signature-envelope/internal';

/** How calls of the Azure clients are aborted. */
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
  getSecret(name: string, options?: AbortOptions & { version?: string }): Promise<AzureSecret>;
}

/** What a vault says of a secret. */
export interface AzureSecret {
  readonly value?: string;
  readonly properties: { readonly contentType?: string };
}
