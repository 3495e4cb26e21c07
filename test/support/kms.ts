import { KMS } from '@aws-sdk/client-kms';
import { CertificateClient } from '@azure/keyvault-certificates';
import { CryptographyClient } from '@azure/keyvault-keys';
import { SecretClient } from '@azure/keyvault-secrets';
import { KeyManagementServiceClient } from '@google-cloud/kms';
import type { KeyVaultDouble, KmsDouble } from '@notarykit/testing';
import { OAuth2Client } from 'google-auth-library';

/** Names that stand in for secrets: none of them may show up anywhere. */
export const secrets = { aws: 'aws-secret-access-key-1', google: 'google-access-token-1', vault: 'hvs.vault-token-1' };

/** The AWS SDK, pointed at a double. Two tries, so that a fault of one request passes. */
export function awsKms({ url }: Pick<KmsDouble, 'url'>, options: { readonly maxAttempts?: number } = {}): KMS {
  return new KMS({
    region: 'eu-west-1',
    endpoint: url,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: secrets.aws },
    maxAttempts: options.maxAttempts ?? 1,
  });
}

/** A credential as `@azure/identity` makes them, and what it was asked for. */
export function azureCredential({ token }: Pick<KeyVaultDouble, 'token'>) {
  const scopes: string[] = [];
  return {
    scopes,
    async getToken(asked: string | string[]) {
      scopes.push(...[asked].flat());
      return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
}

/** The Azure SDK's clients, pointed at a double. */
export function azureClients(vault: KeyVaultDouble, options: { readonly maxRetries?: number } = {}) {
  const credential = azureCredential(vault);
  const settings = {
    disableChallengeResourceVerification: true,
    tlsOptions: { ca: vault.ca },
    retryOptions: { maxRetries: options.maxRetries ?? 0 },
  };
  return {
    credential,
    certificates: new CertificateClient(vault.url, credential, { ...settings }),
    secrets: new SecretClient(vault.url, credential, { ...settings }),
    // Options of its own: the client writes its name into them, and the header with all of them grows until no server takes it.
    crypto: (keyId: string) => new CryptographyClient(keyId, credential, { ...settings }),
  };
}

/** The Google SDK over REST, pointed at a double. */
export function googleKms({ port }: Pick<KmsDouble, 'port'>): KeyManagementServiceClient {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: secrets.google, expiry_date: Date.now() + 3_600_000 });
  return new KeyManagementServiceClient({
    fallback: true,
    protocol: 'http',
    apiEndpoint: '127.0.0.1',
    port,
    projectId: 'p',
    authClient: authClient as never,
  });
}
