import { gcpKmsRestClient, gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import { requiredChain } from './chain.js';
import { googleAccess } from './google-access.js';
import type { KeyService } from './key-service.js';

const inputs = ['gcp-key', 'gcp-workload-identity-provider', 'gcp-service-account'] as const;

/** A key of Google Cloud KMS, as the identity that a workload identity provider gives for the identity token. */
export const gcp: KeyService<(typeof inputs)[number]> = {
  key: 'gcp-key',
  inputs,
  async open({ inputs: given, fetch, identityToken, secrets }) {
    const provider = given.required('gcp-workload-identity-provider');
    const audience = given.text('oidc-audience') ?? `https://iam.googleapis.com/${provider}`;
    const accessToken = googleAccess({
      fetch,
      provider,
      account: given.text('gcp-service-account'),
      identityToken: () => identityToken(audience),
      keep: secrets.keep,
    });
    return gcpKmsSigner({
      client: gcpKmsRestClient({ fetch, accessToken }),
      name: given.required('gcp-key'),
      certificateChain: await requiredChain(given),
    });
  },
};
