import { parsePem } from '@notarykit/pki';
import {
  algorithmOf,
  digestOfRequest,
  ecdsaDerToP1363,
  type KeySpec,
  type Signer,
  SignerError,
  type SignRequest,
} from '@notarykit/signature-envelope';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';
import { crc32c } from './gcp/crc32c.js';
import { gcpError } from './gcp/errors.js';
import { type RemoteKey, remoteSigner } from './remote/remote-signer.js';

export { type GcpKmsRestClientOptions, gcpKmsRestClient } from './gcp/rest-client.js';

/** A 64-bit number as the SDK gives it. */
export interface GcpInt64 {
  readonly value?: string | number | { toString(): string } | null;
}

/** The part of `KeyManagementServiceClient` of `@google-cloud/kms` that is used; {@link gcpKmsRestClient} is another one. */
export interface GcpKmsClient {
  getPublicKey(request: {
    name: string;
  }): Promise<
    readonly [
      { readonly pem?: string | null; readonly algorithm?: unknown; readonly name?: string | null },
      ...unknown[],
    ]
  >;
  asymmetricSign(request: {
    name: string;
    digest: { sha256?: Uint8Array; sha384?: Uint8Array; sha512?: Uint8Array };
    digestCrc32c: { value: number };
  }): Promise<
    readonly [
      {
        readonly name?: string | null;
        readonly signature?: Uint8Array | string | null;
        readonly verifiedDigestCrc32c?: boolean | null;
        readonly signatureCrc32c?: GcpInt64 | null;
      },
      ...unknown[],
    ]
  >;
  listCryptoKeyVersions(request: {
    parent: string;
    filter: string;
  }): Promise<readonly [readonly { readonly name?: string | null }[], ...unknown[]]>;
}

/** Options of {@link gcpKmsSigner}. */
export interface GcpKmsSignerOptions {
  readonly client: GcpKmsClient;
  /**
   * `projects/…/cryptoKeys/K/cryptoKeyVersions/V`. Without a version the highest enabled one is taken when the key is first used,
   * and pinned from then on.
   */
  readonly name: string;
  /** Cloud KMS keeps no certificates: PEM text, DER certificates in any order, or a function that gets them. */
  readonly certificateChain: CertificateChainInput | (() => Promise<CertificateChainInput>);
}

/** What Cloud KMS can do of the six. It has no RSASSA-PSS with 3072 bits and SHA-384, and no P-521. */
const keySpecs: Readonly<Record<string, KeySpec>> = {
  RSA_SIGN_PSS_2048_SHA256: 'RSA-2048',
  RSA_SIGN_PSS_4096_SHA512: 'RSA-4096',
  EC_SIGN_P256_SHA256: 'EC-256',
  EC_SIGN_P384_SHA384: 'EC-384',
};

/**
 * Signs with a key of Google Cloud KMS; the key never leaves it. Needs `cloudkms.cryptoKeyVersions.useToSign` and
 * `viewPublicKey`, and `list` for a name without version.
 *
 * @throws {SignerError} from `describe` and `sign`; `unsupported-key` for an algorithm that no Notary signature may have
 *
 * @example
 * ```ts
 * import { KeyManagementServiceClient } from '@google-cloud/kms';
 *
 * const signer = gcpKmsSigner({
 *   client: new KeyManagementServiceClient(),
 *   name: 'projects/p/locations/europe-west1/keyRings/r/cryptoKeys/net-monitor/cryptoKeyVersions/1',
 *   certificateChain: await readFile('chain.pem', 'utf8'),
 * });
 * ```
 */
export function gcpKmsSigner({ client, name, certificateChain }: GcpKmsSignerOptions): Signer {
  return remoteSigner({
    async open() {
      try {
        const keyId = await resolveVersion(client, name);
        const publicKey = await publicKeyOf(client, keyId);
        const input = typeof certificateChain === 'function' ? await certificateChain() : certificateChain;
        return { keyId, chain: await readChainOf(input, publicKey) };
      } catch (error) {
        throw gcpError(error, name);
      }
    },
    sign: (key, request) => signDigest(client, key, request),
  });
}

async function resolveVersion(client: GcpKmsClient, name: string): Promise<string> {
  if (/\/cryptoKeyVersions\/[0-9]+$/.test(name)) return name;
  const [versions] = await client.listCryptoKeyVersions({ parent: name, filter: 'state=ENABLED' });
  const names = versions.flatMap((version) => version.name ?? []);
  const [newest] = names.sort((a, b) => versionNumber(b) - versionNumber(a));
  if (newest === undefined) throw refuse('key-disabled', `${name} has no enabled version`, name);
  return newest;
}

const versionNumber = (name: string): number => Number(name.slice(name.lastIndexOf('/') + 1));

function refuse(
  reason: 'key-disabled' | 'unsupported-key' | 'bad-signature',
  message: string,
  keyId: string,
): SignerError {
  return new SignerError(`Google Cloud KMS: ${message}`, { reason, provider: 'gcp-kms', keyId });
}

async function publicKeyOf(client: GcpKmsClient, keyId: string): Promise<Uint8Array> {
  const [{ pem, algorithm }] = await client.getPublicKey({ name: keyId });
  const known = typeof algorithm === 'string' && Object.hasOwn(keySpecs, algorithm);
  if (!known)
    throw refuse(
      'unsupported-key',
      `expected one of ${Object.keys(keySpecs).join(', ')}, found ${String(algorithm)}`,
      keyId,
    );
  const [block] = parsePem(pem ?? '');
  if (block === undefined) throw refuse('unsupported-key', 'the answer has no public key', keyId);
  return block.der;
}

async function signDigest(client: GcpKmsClient, { keyId }: RemoteKey, request: SignRequest): Promise<Uint8Array> {
  const { keySpec, signal } = request;
  const { hash, type } = algorithmOf(keySpec);
  const digest = digestOfRequest(request);
  const [answer] = await client
    .asymmetricSign({ name: keyId, digest: { [hash]: digest }, digestCrc32c: { value: crc32c(digest) } })
    .catch((error: unknown) => {
      throw gcpError(error, keyId, signal);
    });
  const { signature } = answer;
  if (
    !(signature instanceof Uint8Array) ||
    answer.verifiedDigestCrc32c !== true ||
    !sameCrc(signature, answer.signatureCrc32c)
  ) {
    throw refuse('bad-signature', 'the answer was changed on its way: a checksum does not fit', keyId);
  }
  if (answer.name !== undefined && answer.name !== null && answer.name !== keyId)
    throw refuse('bad-signature', `expected a signature by ${keyId}, found one by ${answer.name}`, keyId);
  return type === 'ec' ? ecdsaDerToP1363(signature, keySpec) : signature;
}

function sameCrc(bytes: Uint8Array, crc: GcpInt64 | null | undefined): boolean {
  return crc?.value === undefined || crc.value === null || String(crc.value) === String(crc32c(bytes));
}
