import type { Signer } from '@notarykit/signature-envelope/internal';
import { type AwsKmsClient, describeKey, signDigest } from './aws/calls.js';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';
import { remoteSigner } from './remote/remote-signer.js';

export type { AwsKmsClient } from './aws/calls.js';
export { type AwsKmsKeyOptions, awsKmsKey } from './aws/key.js';
export { type AwsRequestHandler, awsRequestHandler } from './aws/request-handler.js';
export type { CertificateChainInput } from './certificate-chain.js';

/** Options of {@link awsKmsSigner}. */
export interface AwsKmsSignerOptions {
  /** `new KMS({ region })` of `@aws-sdk/client-kms`. */
  readonly client: AwsKmsClient;
  /** Key id, key ARN, alias or alias ARN, in any partition. */
  readonly keyId: string;
  /** KMS keeps no certificates: PEM text, DER certificates in any order, or a function that gets them. */
  readonly certificateChain: CertificateChainInput | (() => Promise<CertificateChainInput>);
  /** `chain` takes the public key from the leaf and needs no `kms:GetPublicKey`. Default `service`. */
  readonly publicKey?: 'service' | 'chain';
  /** Limit of a look-up and of a signature, in milliseconds. Default 60,000; past it, calls reject with reason `timeout`. */
  readonly timeoutMs?: number;
}

/**
 * Signs with a key of AWS KMS; the key never leaves it. Needs `kms:Sign`, and `kms:GetPublicKey` unless `publicKey` is `chain`.
 * An alias is resolved to its key once, so that moving the alias cannot pair a signature with another key's chain.
 *
 * @throws {SignerError} from `describe` and `sign`, with the service's request id
 *
 * @example
 * ```ts
 * import { KMS } from '@aws-sdk/client-kms';
 *
 * const signer = awsKmsSigner({
 *   client: new KMS({ region: 'eu-west-1' }),
 *   keyId: 'alias/net-monitor',
 *   certificateChain: await readFile('chain.pem', 'utf8'),
 * });
 * ```
 */
export function awsKmsSigner(options: AwsKmsSignerOptions): Signer {
  const { client, certificateChain } = options;
  return remoteSigner({
    timeoutMs: options.timeoutMs,
    async open({ signal }) {
      const input = typeof certificateChain === 'function' ? await certificateChain() : certificateChain;
      if (options.publicKey === 'chain') return { keyId: options.keyId, chain: await readChainOf(input) };
      const { keyId, publicKey } = await describeKey(client, options.keyId, signal);
      return { keyId, chain: await readChainOf(input, publicKey) };
    },
    sign: (key, request) => signDigest(client, key, request),
  });
}
