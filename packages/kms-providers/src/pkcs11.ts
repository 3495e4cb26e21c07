import { defined } from '@notarykit/common/internal';
import { type Certificate, parseCertificate, parseCertificates } from '@notarykit/pki/internal';
import { algorithmOf, type Signer } from '@notarykit/signature-envelope/internal';
import { type CertificateChainInput, type OrderedChain, readChainOf } from './certificate-chain.js';
import { chainAmong } from './pkcs11/certificates.js';
import type { Connection } from './pkcs11/connection.js';
import { refuse } from './pkcs11/errors.js';
import type { Pkcs11KeyOptions } from './pkcs11/options.js';
import { tokenKey } from './pkcs11/token-key.js';
import { redactedSigner } from './remote/redacted.js';
import { remoteSigner } from './remote/remote-signer.js';

export { type Pkcs11Key, pkcs11Key } from './pkcs11/key.js';
export type { Pkcs11Attribute, Pkcs11Js, Pkcs11Library, Pkcs11Mechanism } from './pkcs11/library.js';
export type { Pkcs11KeyOptions } from './pkcs11/options.js';

/** Options of {@link pkcs11Signer}. */
export interface Pkcs11SignerOptions extends Pkcs11KeyOptions {
  /** All certificates from the leaf to the root. Default: those of the token, put in order. */
  readonly certificateChain?: CertificateChainInput;
  /** Certificates of issuers that the token does not hold: many have room only for the leaf. */
  readonly caCertificates?: CertificateChainInput;
}

/** A signer that holds sessions with a token. */
export interface Pkcs11Signer extends Signer {
  /** Closes the sessions, those at work when they have ended. The signer is not used afterwards. */
  close(): Promise<void>;
}

/**
 * Signs with a key of an HSM or a smart card over PKCS#11; the key never leaves it. Needs the package `pkcs11js`, which
 * compiles its native part when it is installed.
 *
 * The token is chosen by label, serial number or slot, and may be left out when there is one; the key by `keyLabel` or `keyId`.
 * Only the signature itself leaves the event loop free: finding the key and logging in are short, but block it.
 *
 * @throws {SignerError} from `describe` and `sign`; the PIN is in no error
 *
 * @example
 * ```ts
 * const signer = pkcs11Signer({
 *   library: '/usr/lib/softhsm/libsofthsm2.so',
 *   token: 'release',
 *   pin: () => readFile('/run/secrets/pin', 'utf8'),
 *   keyLabel: 'net-monitor',
 * });
 * ```
 */
export function pkcs11Signer(options: Pkcs11SignerOptions): Pkcs11Signer {
  const key = tokenKey(options);
  const signer = remoteSigner({
    // A PIN is typed, a button is pressed: people have no limit.
    timeoutMs: Number.POSITIVE_INFINITY,
    async open() {
      const connection = await key.open();
      return { keyId: connection.keyId, chain: await chainOf(connection, options) };
    },
    sign(_key, { payload, keySpec, signal }) {
      const { hash, type } = algorithmOf(keySpec);
      const scheme = type === 'rsa' ? 'rsassa-pss' : 'ecdsa';
      return key.sign({ data: payload, hash, scheme }, defined({ signal }));
    },
  });
  return { ...redactedSigner(signer, key.secrets), close: key.close };
}

async function chainOf({ publicKey, certificates }: Connection, options: Pkcs11SignerOptions): Promise<OrderedChain> {
  const { certificateChain, caCertificates } = options;
  if (certificateChain !== undefined) return readChainOf(certificateChain, publicKey);
  if (publicKey === undefined)
    throw refuse(
      'chain-mismatch',
      'the token shows neither public key nor certificate of the key; give certificateChain',
    );
  const chain = await chainAmong([...certificates, ...parse(caCertificates)], publicKey);
  return readChainOf(
    chain.map(({ der }) => der),
    publicKey,
  );
}

function parse(input: CertificateChainInput = []): readonly Certificate[] {
  try {
    return typeof input === 'string' ? parseCertificates(input) : input.map((der) => parseCertificate(der));
  } catch (cause) {
    throw refuse('chain-mismatch', `caCertificates cannot be read: ${(cause as Error).message}`, { cause });
  }
}
