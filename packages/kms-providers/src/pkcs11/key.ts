import { copyBytes, defined, withoutSecrets } from '@notarykit/common/internal';
import { parsePublicKey } from '@notarykit/pki/internal';
import { algorithmOf, keySpecOf } from '@notarykit/signature-envelope/internal';
import { type CertificateChainInput, readChainOf } from '../certificate-chain.js';
import type { CertifiableKey } from '../csr.js';
import { redactedKey } from '../remote/redacted.js';
import type { Connection } from './connection.js';
import { pkcs11Error, refuse } from './errors.js';
import { offersScheme } from './mechanism.js';
import type { Pkcs11KeyOptions } from './options.js';
import { storeChain } from './store.js';
import { tokenKey } from './token-key.js';

/** A key of a token that asks for its certificate, and keeps it. */
export interface Pkcs11Key extends CertifiableKey {
  /**
   * Writes a chain to the token, beside the key: the leaf under the key's own CKA_ID and CKA_LABEL, where other software looks
   * for it too. Certificates that the token has already stay as they are.
   *
   * @throws {SignerError} `chain-mismatch` when it is not the key's, `access-denied` on a token that is write-protected
   */
  storeChain(certificateChain: CertificateChainInput): Promise<void>;
  /** Closes the sessions. */
  close(): Promise<void>;
}

/**
 * A private key of a token that has no certificate yet.
 *
 * @example
 * ```ts
 * const key = pkcs11Key({ library, token: 'release', pin, keyLabel: 'net-monitor' });
 * const { certificateChain } = await requestCertificate(key, { subject, issue });
 * await key.storeChain(certificateChain);
 * ```
 */
export function pkcs11Key(options: Pkcs11KeyOptions): Pkcs11Key {
  const key = tokenKey(options);
  const certifiable: CertifiableKey = {
    async describe(call = {}) {
      call.signal?.throwIfAborted();
      const { keyId, publicKey, rsaScheme } = describe(await key.open());
      return { keyId, publicKey: copyBytes(publicKey), ...defined({ rsaScheme }) };
    },
    sign: ({ data, hash, scheme, signal }) => key.sign({ data: copyBytes(data), hash, scheme }, defined({ signal })),
  };
  return {
    ...redactedKey(certifiable, key.secrets),
    storeChain: (input) => withoutSecrets(key.secrets, () => store(input)),
    close: key.close,
  };

  async function store(input: CertificateChainInput): Promise<void> {
    const connection = await key.open();
    const { publicKey, keyId } = describe(connection);
    const { certificates } = await readChainOf(input, publicKey);
    try {
      storeChain(connection, certificates);
    } catch (error) {
      throw pkcs11Error(error, keyId);
    }
  }
}

function describe({ keyId, publicKey, mechanisms }: Connection) {
  if (publicKey === undefined)
    throw refuse('key-not-found', 'the token does not show the public key; store it there too', {}, keyId);
  const { type, hash } = algorithmOf(keySpecOf(parsePublicKey(publicKey)));
  if (type === 'ec') return { keyId, publicKey };
  const rsaScheme = offersScheme('rsassa-pkcs1', hash, mechanisms) ? 'rsassa-pkcs1' : 'rsassa-pss';
  return { keyId, publicKey, rsaScheme } as const;
}
