import { defined, requireBytes } from '@notarykit/common/internal';
import { algorithmOf, digestOfRequest, ecdsaDerToP1363, SignerError } from '@notarykit/signature-envelope/internal';
import { requireMethods } from '../remote/brought.js';
import type { KeySigningRequest } from '../remote/signing-request.js';
import { awsError } from './errors.js';

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

/** Names of the six algorithms at AWS KMS, and of those that requests for certificates are signed with. */
export type AwsSigningAlgorithm =
  | 'RSASSA_PKCS1_V1_5_SHA_256'
  | 'RSASSA_PKCS1_V1_5_SHA_384'
  | 'RSASSA_PKCS1_V1_5_SHA_512'
  | 'RSASSA_PSS_SHA_256'
  | 'RSASSA_PSS_SHA_384'
  | 'RSASSA_PSS_SHA_512'
  | 'ECDSA_SHA_256'
  | 'ECDSA_SHA_384'
  | 'ECDSA_SHA_512';

/** The key behind an id or an alias, and its public half. */
export async function describeKey(
  client: AwsKmsClient,
  keyId: string,
  signal: AbortSignal | undefined,
): Promise<{ keyId: string; publicKey: Uint8Array }> {
  requireMethods(client, 'client', 'getPublicKey');
  const answer = await asked(() => client.getPublicKey({ KeyId: keyId }, abortable(signal)), keyId, signal);
  if (answer.KeyUsage !== undefined && answer.KeyUsage !== 'SIGN_VERIFY') {
    throw new SignerError(`AWS KMS: expected a key for SIGN_VERIFY, found ${answer.KeyUsage}`, {
      reason: 'wrong-key-usage',
      provider: 'aws-kms',
      keyId,
    });
  }
  if (answer.PublicKey === undefined)
    throw new SignerError('AWS KMS gave no public key', { reason: 'unknown', provider: 'aws-kms', keyId });
  return { keyId: answer.KeyId ?? keyId, publicKey: requireBytes(answer.PublicKey, 'PublicKey of AWS KMS') };
}

const abortable = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } => defined({ abortSignal: signal });

/** The answer of the client, which may be one that the caller made. */
async function asked<T extends object>(
  ask: () => Promise<T>,
  keyId: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  try {
    const answer: unknown = await ask();
    if (typeof answer === 'object' && answer !== null) return answer as T;
    throw new SignerError('AWS KMS gave no answer', { reason: 'unavailable', provider: 'aws-kms', keyId });
  } catch (error) {
    throw awsError(error, keyId, signal);
  }
}

/** Signs with exactly this key. */
export async function signDigest(
  client: AwsKmsClient,
  { keyId }: { readonly keyId: string },
  request: KeySigningRequest,
): Promise<Uint8Array> {
  const { keySpec, signal } = request;
  // Always a digest: messages end at 4,096 bytes, and signed metadata may be longer.
  const input = {
    KeyId: keyId,
    Message: digestOfRequest(request),
    MessageType: 'DIGEST',
    SigningAlgorithm: algorithmName(request),
  } as const;
  requireMethods(client, 'client', 'sign');
  const answer = await asked(() => client.sign(input, abortable(signal)), keyId, signal);
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

function algorithmName({ keySpec, scheme }: KeySigningRequest): AwsSigningAlgorithm {
  const { type, hash } = algorithmOf(keySpec);
  const bits = hash.slice(3) as '256' | '384' | '512';
  if (type === 'ec') return `ECDSA_SHA_${bits}`;
  return scheme === 'rsassa-pkcs1' ? `RSASSA_PKCS1_V1_5_SHA_${bits}` : `RSASSA_PSS_SHA_${bits}`;
}
