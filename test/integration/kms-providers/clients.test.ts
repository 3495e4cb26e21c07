import type { KMS } from '@aws-sdk/client-kms';
import type { CertificateClient } from '@azure/keyvault-certificates';
import type { CryptographyClient } from '@azure/keyvault-keys';
import type { SecretClient } from '@azure/keyvault-secrets';
import type { KeyManagementServiceClient } from '@google-cloud/kms';
import type { AwsKmsClient } from '@notarykit/kms-providers/aws';
import type {
  AzureCertificateClient,
  AzureCryptographyClient,
  AzureSecretClient,
} from '@notarykit/kms-providers/azure';
import type { GcpKmsClient } from '@notarykit/kms-providers/gcp';
import type { Pkcs11Js } from '@notarykit/kms-providers/pkcs11';
import type * as Pkcs11JsPackage from 'pkcs11js';
import { expectTypeOf, test } from 'vitest';

test('the clients of the clouds satisfy the types of the providers (checked by the compiler)', () => {
  expectTypeOf<KMS>().toExtend<AwsKmsClient>();
  expectTypeOf<CertificateClient>().toExtend<AzureCertificateClient>();
  expectTypeOf<CryptographyClient>().toExtend<AzureCryptographyClient>();
  expectTypeOf<SecretClient>().toExtend<AzureSecretClient>();
  expectTypeOf<KeyManagementServiceClient>().toExtend<GcpKmsClient>();
  expectTypeOf<typeof Pkcs11JsPackage>().toExtend<Pkcs11Js>();
});
