import { withoutSecrets } from '@notarykit/common/internal';
import type { Signer } from '@notarykit/signature-envelope/internal';
import type { CertifiableKey } from '../csr.js';

/** The secrets of a service; asked when something has failed. */
export type Secrets = () => Iterable<string | undefined>;

/** A signer whose errors leave without the secrets of its service, wherever that, or a library, repeated them. */
export function redactedSigner(signer: Signer, secrets: Secrets): Signer {
  return {
    describe: (call) => withoutSecrets(secrets, () => signer.describe(call)),
    sign: (request) => withoutSecrets(secrets, () => signer.sign(request)),
  };
}

/** As {@link redactedSigner}, for a key. */
export function redactedKey(key: CertifiableKey, secrets: Secrets): CertifiableKey {
  return {
    describe: (call) => withoutSecrets(secrets, () => key.describe(call)),
    sign: (request) => withoutSecrets(secrets, () => key.sign(request)),
  };
}
