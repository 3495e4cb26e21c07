import { type CallOptions, defined, quote, timerDelay } from '@notarykit/common/internal';
import { parsePem, parsePublicKey } from '@notarykit/pki/internal';
import {
  algorithmOf,
  digestOfRequest,
  ecdsaDerToP1363,
  type KeySpec,
  SignerError,
  type SignRequest,
} from '@notarykit/signature-envelope/internal';
import { requireMethods } from '../remote/brought.js';
import type { GcpCallOptions, GcpInt64, GcpKmsClient } from './client.js';
import { crc32c } from './crc32c.js';
import { gcpError } from './errors.js';
import { checkKeyName, isVersionName } from './name.js';

/** What Cloud KMS can do of the six. It has no RSASSA-PSS with 3072 bits and SHA-384, and no P-521. */
const keySpecs: Readonly<Record<string, KeySpec>> = {
  RSA_SIGN_PSS_2048_SHA256: 'RSA-2048',
  RSA_SIGN_PSS_4096_SHA512: 'RSA-4096',
  EC_SIGN_P256_SHA256: 'EC-256',
  EC_SIGN_P384_SHA384: 'EC-384',
};

/** How a call is bounded. */
export interface GcpCall extends CallOptions {
  readonly timeoutMs?: number | undefined;
}

const optionsOf = ({ signal, timeoutMs }: GcpCall): GcpCallOptions => ({
  ...defined({ signal }),
  // Infinity is not a time to a client.
  ...(timeoutMs === undefined ? {} : { timeout: timerDelay(timeoutMs) }),
});

/** The version that a name means: the one it names, or the newest that is enabled. */
export async function resolveVersion(client: GcpKmsClient, name: string, call: GcpCall): Promise<string> {
  checkKeyName(name);
  if (isVersionName(name)) return name;
  requireMethods(client, 'client', 'listCryptoKeyVersions');
  const listed = { parent: name, filter: 'state=ENABLED' };
  const [versions] = await client.listCryptoKeyVersions(listed, optionsOf(call));
  const names = versions.flatMap((version) => version.name ?? []);
  const mismatch = names.find((one) => !isVersionName(one) || !one.startsWith(`${name}/cryptoKeyVersions/`));
  if (mismatch !== undefined)
    throw refuse('unavailable', `the answer lists ${quote(mismatch)}, which is not a version of the key`, name);
  const [newest] = names.sort((a, b) => versionNumber(b) - versionNumber(a));
  if (newest === undefined) throw refuse('key-disabled', `${name} has no enabled version`, name);
  return newest;
}

const versionNumber = (name: string): number => Number(name.slice(name.lastIndexOf('/') + 1));

function refuse(
  reason: 'key-disabled' | 'unsupported-key' | 'bad-signature' | 'unavailable',
  message: string,
  keyId: string,
): SignerError {
  return new SignerError(`Google Cloud KMS: ${message}`, { reason, provider: 'gcp-kms', keyId });
}

/** SubjectPublicKeyInfo of a version, if its algorithm is one of the six. */
export async function publicKeyOf(client: GcpKmsClient, keyId: string, call: GcpCall): Promise<Uint8Array> {
  requireMethods(client, 'client', 'getPublicKey');
  const [{ pem, algorithm }] = await client.getPublicKey({ name: keyId }, optionsOf(call));
  const known = typeof algorithm === 'string' && Object.hasOwn(keySpecs, algorithm);
  if (!known)
    throw refuse(
      'unsupported-key',
      `expected one of ${Object.keys(keySpecs).join(', ')}, found ${String(algorithm)}`,
      keyId,
    );
  try {
    const [block] = parsePem(pem ?? '');
    return parsePublicKey(block?.der ?? new Uint8Array()).der;
  } catch {
    throw refuse('unavailable', 'the answer has no public key that can be read', keyId);
  }
}

/** Signs with exactly this version. */
export async function signDigest(
  client: GcpKmsClient,
  { keyId }: { readonly keyId: string },
  request: SignRequest,
  timeoutMs?: number,
): Promise<Uint8Array> {
  const { keySpec, signal } = request;
  const { hash, type } = algorithmOf(keySpec);
  const digest = digestOfRequest(request);
  requireMethods(client, 'client', 'asymmetricSign');
  const asked = { name: keyId, digest: { [hash]: digest }, digestCrc32c: { value: crc32c(digest) } };
  const call = optionsOf({ timeoutMs, ...defined({ signal }) });
  const answer = await signed(client, asked, call).catch((error: unknown) => {
    throw gcpError(error, keyId, signal);
  });
  const { signature } = answer;
  if (
    typeof signature === 'string' ||
    !signature ||
    answer.verifiedDigestCrc32c !== true ||
    !sameCrc(signature, answer.signatureCrc32c)
  ) {
    throw refuse('bad-signature', 'checksum mismatch: the answer was changed in transit', keyId);
  }
  if (answer.name !== undefined && answer.name !== null && answer.name !== keyId)
    throw refuse('bad-signature', `expected a signature by ${keyId}, found one by ${answer.name}`, keyId);
  return type === 'ec' ? ecdsaDerToP1363(signature, keySpec) : signature;
}

/** What the client gives, which may be one that the caller made: anything else than its first element is an error of it. */
async function signed(
  client: GcpKmsClient,
  ...asked: Parameters<GcpKmsClient['asymmetricSign']>
): Promise<Awaited<ReturnType<GcpKmsClient['asymmetricSign']>>[0]> {
  const [answer] = await client.asymmetricSign(...asked);
  return { ...answer };
}

function sameCrc(bytes: Uint8Array, crc: GcpInt64 | null | undefined): boolean {
  return crc?.value === undefined || crc.value === null || String(crc.value) === String(crc32c(bytes));
}
