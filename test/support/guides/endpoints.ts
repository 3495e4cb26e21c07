/**
 * Where a program names a service of the cloud, and what it names here, by guide: endpoints of doubles. Each text must be in the page, so that the
 * rest of the program is what runs.
 */
export const endpoints: Readonly<Record<string, readonly (readonly [page: string, here: string])[]>> = {
  'sign-in-ci': [
    // The double is not below vault.azure.net.
    ['credential, {})', 'credential, { disableChallengeResourceVerification: true })'],
    [
      'fetch: createTransport(),\n  accessToken',
      "fetch: createTransport(),\n  endpoint: process.env['KMS_ENDPOINT'] ?? '',\n  accessToken",
    ],
    [
      "library: '/usr/lib/softhsm/libsofthsm2.so',",
      "library: '/usr/lib/softhsm/libsofthsm2.so',\n  pkcs11js: token.pkcs11js,",
    ],
    [
      "import { pkcs11Signer } from '@notarykit/kms-providers/pkcs11';",
      "import { pkcs11Signer } from '@notarykit/kms-providers/pkcs11';\nimport { token } from '../../../../support/guides/token.ts';",
    ],
  ],
};
