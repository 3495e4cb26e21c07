import { defined } from '@notarykit/common/internal';
import { algorithmOf, digestOfRequest, type Signer, type SignRequest } from '@notarykit/signature-envelope/internal';
import { checkVersioned, openCertificate } from './azure/certificate.js';
import type { AzureCertificateClient, AzureCryptographyClient, AzureSecretClient } from './azure/clients.js';
import { azureError } from './azure/errors.js';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';
import { requireFunction, requireMethods } from './remote/brought.js';
import { type RemoteKey, remoteSigner } from './remote/remote-signer.js';

export type { AzureCertificateClient, AzureCryptographyClient, AzureSecretClient } from './azure/clients.js';

export { type AzureHttpClient, azureHttpClient } from './azure/http-client.js';
export {
  type AzureIssuanceClient,
  type RequestAzureCertificateOptions,
  requestAzureCertificate,
} from './azure/request-certificate.js';

/** Options of {@link azureKeyVaultSigner}. */
export interface AzureKeyVaultSignerOptions {
  readonly certificates: AzureCertificateClient;
  /** Name of the certificate in the vault. */
  readonly name: string;
  /** Default the version that is current when the key is first used; it is pinned from then on. */
  readonly version?: string;
  /**
   * Makes the client of one key version: `(keyId) => new CryptographyClient(keyId, credential, { ...options })`. Give each client
   * options of its own: the SDK (4.10) writes its name into them with every client, until no server takes the header any more.
   */
  readonly crypto: (keyId: string) => AzureCryptographyClient;
  /** Certificates from the issuer up to the root. A vault returns only the leaf. */
  readonly caCertificates?: CertificateChainInput;
  /**
   * Reads the whole chain from the certificate's secret instead, PEM or PKCS#12. Of an exportable certificate the secret holds
   * the private key too: it is thrown away unread, but an account that may read it may take it. Needs the permission `secrets/get`.
   */
  readonly secrets?: AzureSecretClient;
  /** Limit of a look-up and of a signature, in milliseconds. Default 60,000; past it, calls reject with reason `timeout`. */
  readonly timeoutMs?: number;
}

/**
 * Signs with the key of a certificate in Azure Key Vault; the key never leaves the vault. Needs `certificates/get` and
 * `keys/sign`. The key version is the certificate's own, so that a rotation cannot pair it with another chain.
 *
 * @throws {SignerError} from `describe` and `sign`, with the service's request id
 *
 * @example
 * ```ts
 * import { CertificateClient } from '@azure/keyvault-certificates';
 * import { CryptographyClient } from '@azure/keyvault-keys';
 *
 * const signer = azureKeyVaultSigner({
 *   certificates: new CertificateClient('https://wabbit.vault.azure.net', credential),
 *   name: 'net-monitor',
 *   crypto: (keyId) => new CryptographyClient(keyId, credential),
 *   caCertificates: await readFile('issuers.pem', 'utf8'),
 * });
 * ```
 */
export function azureKeyVaultSigner(options: AzureKeyVaultSignerOptions): Signer {
  const clientOf = lastOne(options.crypto);
  return remoteSigner({
    timeoutMs: options.timeoutMs,
    async open(call) {
      requireFunction(options.crypto, 'crypto');
      try {
        return await openCertificate(options, call);
      } catch (error) {
        throw azureError(error, options.name, call.signal);
      }
    },
    sign: (key, request) => signDigest(clientOf(key.keyId), key, request),
  });
}

/** Options of {@link azureKeySigner}. */
export interface AzureKeySignerOptions {
  /** A client made for exactly `keyId`. */
  readonly client: AzureCryptographyClient;
  /** URL of a key with its version. */
  readonly keyId: string;
  readonly certificateChain: CertificateChainInput;
  /** Limit of a look-up and of a signature, in milliseconds. Default 60,000; past it, calls reject with reason `timeout`. */
  readonly timeoutMs?: number;
}

/**
 * Signs with a key that has no certificate beside it, as in Azure Managed HSM; the chain comes from the caller.
 *
 * @throws {SignerError} reason `bad-key` for a key URL without version: a rotation would change the key unnoticed
 */
export function azureKeySigner({ client, keyId, certificateChain, timeoutMs }: AzureKeySignerOptions): Signer {
  checkVersioned(keyId);
  return remoteSigner({
    timeoutMs,
    open: async () => ({ keyId, chain: await readChainOf(certificateChain) }),
    sign: (key, request) => signDigest(client, key, request),
  });
}

/** A client asks for a token and reads its key before it signs for the first time: one for all signatures of a key. */
function lastOne<T>(make: (keyId: string) => T): (keyId: string) => T {
  let last: { readonly keyId: string; readonly made: T } | undefined;
  return (keyId) => {
    if (last?.keyId !== keyId) last = { keyId, made: make(keyId) };
    return last.made;
  };
}

async function signDigest(
  client: AzureCryptographyClient,
  { keyId }: RemoteKey,
  request: SignRequest,
): Promise<Uint8Array> {
  const { signal } = request;
  requireMethods(client, 'the client of the key', 'sign');
  try {
    const { result } = await client.sign(
      algorithmOf(request.keySpec).jws,
      digestOfRequest(request),
      defined({ abortSignal: signal }),
    );
    return result;
  } catch (error) {
    throw azureError(error, keyId, signal);
  }
}
