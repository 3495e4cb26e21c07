import { concatBytes } from '@notarykit/common/internal';
import type { CertifiableKey } from '../csr.js';
import { remoteKey } from '../remote/remote-key.js';
import { type AwsKmsClient, describeKey, signDigest } from './calls.js';

/** Options of {@link awsKmsKey}. */
export interface AwsKmsKeyOptions {
  /** `new KMS({ region })` of `@aws-sdk/client-kms`. */
  readonly client: AwsKmsClient;
  /** Key id, key ARN, alias or alias ARN, in any partition. */
  readonly keyId: string;
  /** How an RSA key signs its request. Default `rsassa-pkcs1`; a policy may allow only `rsassa-pss`. */
  readonly rsaScheme?: 'rsassa-pss' | 'rsassa-pkcs1';
  /** Limit of a look-up and of a signature, in milliseconds. Default 60,000; past it, calls reject with reason `timeout`. */
  readonly timeoutMs?: number;
}

/**
 * A key of AWS KMS that has no certificate yet: see `requestCertificate` of `./csr`. KMS keeps no certificates; the chain is kept
 * in a file and given to `awsKmsSigner`.
 */
export function awsKmsKey({ client, keyId, rsaScheme = 'rsassa-pkcs1', timeoutMs }: AwsKmsKeyOptions): CertifiableKey {
  return remoteKey({
    timeoutMs,
    rsaScheme,
    async open({ signal }) {
      const key = await describeKey(client, keyId, signal);
      return { ...key, publicKey: concatBytes([key.publicKey]) };
    },
    sign: (key, request) => signDigest(client, key, request),
  });
}
