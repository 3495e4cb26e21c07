import {
  algorithmOf,
  digestOfRequest,
  ecdsaDerToP1363,
  type KeySpec,
  type Signer,
  SignerError,
  type SignRequest,
} from '@notarykit/signature-envelope';
import { awsError } from './aws/errors.js';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';
import { type RemoteKey, remoteSigner } from './remote/remote-signer.js';

export type { CertificateChainInput } from './certificate-chain.js';

/** The part of `new KMS(…)` of `@aws-sdk/client-kms` that is used. Endpoint, region, FIPS and credentials are its own matter. */
export interface AwsKmsClient {
  getPublicKey(
    input: { KeyId: string },
    options?: { abortSignal?: AbortSignal },
  ): Promise<{ KeyId?: string | undefined; KeyUsage?: string | undefined; PublicKey?: Uint8Array | undefined }>;
  sign(
    input: { KeyId: string; Message: Uint8Array; MessageType: 'DIGEST'; SigningAlgorithm: AwsSigningAlgorithm },
    options?: { abortSignal?: AbortSignal },
  ): Promise<{ KeyId?: string | undefined; Signature?: Uint8Array | undefined }>;
}

/** Names of the six algorithms at AWS KMS. */
export type AwsSigningAlgorithm =
  | 'RSASSA_PSS_SHA_256'
  | 'RSASSA_PSS_SHA_384'
  | 'RSASSA_PSS_SHA_512'
  | 'ECDSA_SHA_256'
  | 'ECDSA_SHA_384'
  | 'ECDSA_SHA_512';

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
    async open({ signal }) {
      const input = typeof certificateChain === 'function' ? await certificateChain() : certificateChain;
      if (options.publicKey === 'chain') return { keyId: options.keyId, chain: await readChainOf(input) };
      const { keyId, publicKey } = await describeKey(client, options.keyId, signal);
      return { keyId, chain: await readChainOf(input, publicKey) };
    },
    sign: (key, request) => signDigest(client, key, request),
  });
}

async function describeKey(
  client: AwsKmsClient,
  keyId: string,
  signal: AbortSignal | undefined,
): Promise<{ keyId: string; publicKey: Uint8Array }> {
  const answer = await client.getPublicKey({ KeyId: keyId }, abortable(signal)).catch((error: unknown) => {
    throw awsError(error, keyId, signal);
  });
  if (answer.KeyUsage !== undefined && answer.KeyUsage !== 'SIGN_VERIFY') {
    throw new SignerError(`AWS KMS: expected a key for SIGN_VERIFY, found ${answer.KeyUsage}`, {
      reason: 'wrong-key-usage',
      provider: 'aws-kms',
      keyId,
    });
  }
  if (answer.PublicKey === undefined)
    throw new SignerError('AWS KMS gave no public key', { reason: 'unknown', provider: 'aws-kms', keyId });
  return { keyId: answer.KeyId ?? keyId, publicKey: answer.PublicKey };
}

const abortable = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } =>
  signal === undefined ? {} : { abortSignal: signal };

async function signDigest(client: AwsKmsClient, { keyId }: RemoteKey, request: SignRequest): Promise<Uint8Array> {
  const { keySpec, signal } = request;
  // Always a digest: messages end at 4,096 bytes, and signed metadata may be longer.
  const input = {
    KeyId: keyId,
    Message: digestOfRequest(request),
    MessageType: 'DIGEST',
    SigningAlgorithm: algorithmName(keySpec),
  } as const;
  const answer = await client.sign(input, abortable(signal)).catch((error: unknown) => {
    throw awsError(error, keyId, signal);
  });
  if (answer.Signature === undefined)
    throw new SignerError('AWS KMS gave no signature', { reason: 'unknown', provider: 'aws-kms', keyId });
  // Only an ARN can be compared: an alias or a bare id is answered with the ARN behind it.
  if (keyId.startsWith('arn:') && keyId.includes(':key/') && answer.KeyId !== undefined && answer.KeyId !== keyId)
    throw new SignerError(`AWS KMS: expected a signature by ${keyId}, found one by ${answer.KeyId}`, {
      reason: 'bad-signature',
      provider: 'aws-kms',
      keyId,
    });
  return algorithmOf(keySpec).type === 'ec' ? ecdsaDerToP1363(answer.Signature, keySpec) : answer.Signature;
}

function algorithmName(keySpec: KeySpec): AwsSigningAlgorithm {
  const { type, hash } = algorithmOf(keySpec);
  const bits = hash.slice(3) as '256' | '384' | '512';
  return type === 'rsa' ? `RSASSA_PSS_SHA_${bits}` : `ECDSA_SHA_${bits}`;
}
