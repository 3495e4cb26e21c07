import { type Bytes, type CallOptions, copyBytes, defined, requireBytes } from '@notarykit/common/internal';
import type { CertifiableKey, CertifiableKeyDescription } from '../csr.js';
import { coded } from './brought.js';
import { openOnce, timeLimited } from './open-once.js';
import type { KeySigningRequest } from './signing-request.js';

/** A key of a service, resolved to exactly one version, without a certificate. */
export interface RemotePublicKey {
  /** Versioned and not secret. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes;
}

/** What a provider has to know how to do. */
export interface RemotePublicKeyService<K extends RemotePublicKey> {
  readonly rsaScheme: 'rsassa-pss' | 'rsassa-pkcs1';
  open(options: CallOptions): Promise<K>;
  sign(key: K, request: KeySigningRequest): Promise<Uint8Array>;
  /** Limit of a look-up and of a signature, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
}

/** A key that asks for its certificate. It is resolved once, so that public key and signature are of one version. */
export function remoteKey<K extends RemotePublicKey>(service: RemotePublicKeyService<K>): CertifiableKey {
  const { timeoutMs } = service;
  const found = openOnce((call) => service.open(call), { timeoutMs });
  return {
    async describe(options: CallOptions = {}): Promise<CertifiableKeyDescription> {
      options.signal?.throwIfAborted();
      const { keyId, publicKey } = await coded(options.signal, () => found.get(options));
      return { keyId, publicKey: copyBytes(publicKey), rsaScheme: service.rsaScheme };
    },
    async sign({ data, keySpec, scheme, signal }) {
      signal?.throwIfAborted();
      const payload = copyBytes(requireBytes(data, 'data'));
      const call = defined({ signal });
      return coded(signal, async () => {
        const key = await found.get(call);
        return timeLimited(timeoutMs, signal, (limited) =>
          service.sign(key, { payload, keySpec, scheme, signal: limited }),
        );
      });
    },
  };
}
