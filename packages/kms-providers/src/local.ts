import { type CallOptions, copyBytes, defined, requireBytes } from '@notarykit/common/internal';
import { type ParsePrivateKeyOptions, parsePrivateKey } from '@notarykit/pki/internal';
import { algorithmOf, type KeySpec, type Signer, SignerError } from '@notarykit/signature-envelope/internal';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';
import { isJwk, type PrivateJwk, pemOfJwk, secretsOfKey } from './local/jwk.js';
import { publicKeyOf } from './local/public-key.js';
import { openOnce } from './remote/open-once.js';
import { redactedSigner } from './remote/redacted.js';
import { webCryptoSigner } from './webcrypto.js';

export type { PrivateJwk } from './local/jwk.js';
export { type LocalKeyOptions, localKey } from './local/key.js';

/** Options of {@link localSigner}. */
export interface LocalSignerOptions {
  /** PEM text (PKCS#8, encrypted or not, `RSA PRIVATE KEY` or `EC PRIVATE KEY`), PKCS#8 in DER, or a JWK. */
  readonly privateKey: string | Uint8Array | PrivateJwk;
  /** Only for an encrypted key. */
  readonly password?: ParsePrivateKeyOptions['password'];
  /** The most iterations of an encrypted key's derivation. Default 10,000,000. */
  readonly maxIterations?: number;
  /** PEM text, or DER certificates; in any order, root included. */
  readonly certificateChain: CertificateChainInput;
}

/**
 * A signer over a private key in memory. The key is read when the signer is first used; it must be that of one of the
 * certificates.
 *
 * @throws {SignerError} from `describe` and `sign`: reasons `bad-key`, `unsupported-key`, `chain-mismatch`, and `wrong-key-usage` for a JWK that
 * is not meant for such signatures
 *
 * @example
 * ```ts
 * const signer = localSigner({ privateKey: await readFile('key.pem', 'utf8'), certificateChain: await readFile('chain.pem', 'utf8') });
 * ```
 */
export function localSigner(options: LocalSignerOptions): Signer {
  // The caller's own time limit: a key derivation may take long, but needs no other system.
  const found = openOnce((call) => open(options, call), { timeoutMs: Number.POSITIVE_INFINITY });
  const signer: Signer = {
    describe: async (call = {}) => (await found.get(call)).describe(call),
    async sign(request) {
      const { signal } = request;
      const payload = copyBytes(requireBytes(request.payload, 'payload'));
      return (await found.get(defined({ signal }))).sign({ ...request, payload });
    },
  };
  return redactedSigner(signer, () => secretsOfKey(options));
}

type PrivateKey = Awaited<ReturnType<typeof parsePrivateKey>>;

async function open(options: LocalSignerOptions, call: CallOptions): Promise<Signer> {
  const key = await parseKey(options, call);
  const publicKey = key.publicKey?.der ?? (await publicKeyOf(key.export()));
  const chain = await readChainOf(options.certificateChain, publicKey);
  const privateKey = await importKey(key, chain.keySpec);
  return webCryptoSigner({ privateKey, certificateChain: chain.ders(), publicKey });
}

async function parseKey(
  { privateKey, password, maxIterations }: LocalSignerOptions,
  call: CallOptions,
): Promise<PrivateKey> {
  try {
    return await parsePrivateKey(isJwk(privateKey) ? await pemOfJwk(privateKey) : privateKey, {
      ...defined({ password, maxIterations }),
      ...call,
    });
  } catch (cause) {
    call.signal?.throwIfAborted();
    if (cause instanceof SignerError) throw cause;
    throw new SignerError(
      `the private key cannot be read: ${(cause as Error).message}`,
      { reason: 'bad-key' },
      { cause },
    );
  }
}

async function importKey(key: PrivateKey, keySpec: KeySpec): Promise<CryptoKey> {
  const { type, hash, curve } = algorithmOf(keySpec);
  try {
    return await key.importKey(
      type === 'ec'
        ? { name: 'ECDSA', namedCurve: curve as string }
        : { name: 'RSA-PSS', hash: `SHA-${hash.slice(3)}` },
    );
  } catch (cause) {
    throw new SignerError('the private key cannot be used', { reason: 'bad-key' }, { cause });
  }
}
