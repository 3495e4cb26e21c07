import { defined } from '@notarykit/common/internal';
import type { Signer } from '@notarykit/signature-envelope/internal';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';
import { publicKeyOf, resolveVersion, signDigest } from './gcp/calls.js';
import type { GcpKmsClient } from './gcp/client.js';
import { gcpError } from './gcp/errors.js';
import { remoteSigner } from './remote/remote-signer.js';

export type { GcpKmsClient } from './gcp/client.js';
export { type GcpKmsKeyOptions, gcpKmsKey } from './gcp/key.js';
export { type GcpKmsRestClientOptions, gcpKmsRestClient } from './gcp/rest-client.js';

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
  /** Limit of a look-up and of a signature, in milliseconds. Default 60,000; past it, calls reject with reason `timeout`. */
  readonly timeoutMs?: number;
}

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
export function gcpKmsSigner({ client, name, certificateChain, timeoutMs }: GcpKmsSignerOptions): Signer {
  return remoteSigner({
    timeoutMs,
    async open({ signal }) {
      try {
        const call = { ...defined({ signal }), timeoutMs };
        const keyId = await resolveVersion(client, name, call);
        const publicKey = await publicKeyOf(client, keyId, call);
        const input = typeof certificateChain === 'function' ? await certificateChain() : certificateChain;
        return { keyId, chain: await readChainOf(input, publicKey) };
      } catch (error) {
        throw gcpError(error, name, signal);
      }
    },
    sign: (key, request) => signDigest(client, key, request, timeoutMs),
  });
}
