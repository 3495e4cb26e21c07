import { azureHttpClient, azureKeyVaultSigner } from '@notarykit/kms-providers/azure';
import { optionalChain } from './chain.js';
import type { KeyContext, KeyService } from './key-service.js';

const inputs = [
  'azure-certificate',
  'azure-vault-url',
  'azure-tenant-id',
  'azure-client-id',
  'azure-authority',
] as const;

type Input = (typeof inputs)[number];

/** The key of a certificate in Azure Key Vault, as an application that trusts the identity token. */
export const azure: KeyService<Input> = {
  key: 'azure-certificate',
  inputs,
  async open(context) {
    const { CertificateClient } = await import('@azure/keyvault-certificates');
    const { CryptographyClient } = await import('@azure/keyvault-keys');
    const { inputs: given, fetch } = context;
    const httpClient = azureHttpClient(fetch);
    const credential = await federatedCredential(context);
    const caCertificates = await optionalChain(given);
    return azureKeyVaultSigner({
      certificates: new CertificateClient(given.required('azure-vault-url'), credential, { httpClient }),
      name: given.required('azure-certificate'),
      // Each client gets a new options object: the SDK writes its name into it.
      crypto: (keyId) => new CryptographyClient(keyId, credential, { httpClient }),
      ...(caCertificates === undefined ? {} : { caCertificates }),
    });
  },
};

async function federatedCredential({
  inputs: given,
  identityToken,
  secrets,
  fetch,
}: KeyContext<Input | 'oidc-audience'>) {
  const { ClientAssertionCredential } = await import('@azure/identity');
  const audience = given.text('oidc-audience') ?? 'api://AzureADTokenExchange';
  const authorityHost = given.text('azure-authority');
  const credential = new ClientAssertionCredential(
    given.required('azure-tenant-id'),
    given.required('azure-client-id'),
    () => identityToken(audience),
    { httpClient: azureHttpClient(fetch), ...(authorityHost === undefined ? {} : { authorityHost }) },
  );
  return {
    async getToken(...asked: Parameters<typeof credential.getToken>) {
      const answer = await credential.getToken(...asked);
      secrets.keep(answer.token);
      return answer;
    },
  };
}
