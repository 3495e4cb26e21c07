import { concatBytes, defined } from '@notarykit/common/internal';
import type { CertifiableKey } from '../csr.js';
import { remoteKey } from '../remote/remote-key.js';
import { publicKeyOf, resolveVersion, signDigest } from './calls.js';
import type { GcpKmsClient } from './client.js';
import { gcpError } from './errors.js';

/** Options of {@link gcpKmsKey}. */
export interface GcpKmsKeyOptions {
  readonly client: GcpKmsClient;
  /** `projects/…/cryptoKeys/K/cryptoKeyVersions/V`; without a version the highest enabled one. */
  readonly name: string;
  /** Limit of a look-up and of a signature, in milliseconds. Default 60,000; past it, calls reject with reason `timeout`. */
  readonly timeoutMs?: number;
}

/**
 * A key of Google Cloud KMS that has no certificate yet: see `requestCertificate` of `./csr`. An RSA key for Notary signatures
 * can sign its request only with RSASSA-PSS, which some authorities do not take; those on P-256 and P-384 are taken by all.
 * Cloud KMS keeps no certificates; the chain is kept in a file and given to `gcpKmsSigner`.
 */
export function gcpKmsKey({ client, name, timeoutMs }: GcpKmsKeyOptions): CertifiableKey {
  return remoteKey({
    rsaScheme: 'rsassa-pss',
    timeoutMs,
    async open({ signal }) {
      try {
        const call = { ...defined({ signal }), timeoutMs };
        const keyId = await resolveVersion(client, name, call);
        return { keyId, publicKey: concatBytes([await publicKeyOf(client, keyId, call)]) };
      } catch (error) {
        throw gcpError(error, name, signal);
      }
    },
    sign: (key, request) => signDigest(client, key, request, timeoutMs),
  });
}
