import { type Bytes, type CallOptions, type WebCryptoKey, webCrypto } from '@notarykit/common/internal';
import { algorithmOf, type KeySpec, type Signer, SignerError } from '@notarykit/signature-envelope/internal';
import { type CertificateChainInput, readChainOf } from './certificate-chain.js';

/** Options of {@link webCryptoSigner}. */
export interface WebCryptoSignerOptions {
  /** An `RSA-PSS` or `ECDSA` key with the usage `sign`; it need not be extractable. */
  readonly privateKey: WebCryptoKey;
  /** PEM text, or DER certificates; in any order, root included. */
  readonly certificateChain: CertificateChainInput;
  /** SubjectPublicKeyInfo of the key, DER. Default: the key of the chain's first certificate. */
  readonly publicKey?: Uint8Array;
}

const hashNames = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;

/**
 * A signer over a WebCrypto key: a key in this process, in a browser's key store, or in whatever stands behind a
 * `CryptoKey`.
 *
 * @throws {SignerError} from `describe` and `sign`: reasons `unsupported-key`, `wrong-key-usage`, `chain-mismatch`
 *
 * @example
 * ```ts
 * const signer = webCryptoSigner({ privateKey: pair.privateKey, certificateChain: await readFile('chain.pem', 'utf8') });
 * ```
 */
export function webCryptoSigner(options: WebCryptoSignerOptions): Signer {
  const { privateKey } = options;
  const load = once(() => readChainOf(options.certificateChain, options.publicKey));
  const keySpecFor = async (call: CallOptions | undefined): Promise<KeySpec> => {
    call?.signal?.throwIfAborted();
    const { keySpec } = await load();
    checkKey(privateKey, keySpec);
    return keySpec;
  };
  return {
    async describe(call) {
      const keySpec = await keySpecFor(call);
      return { keySpec, certificateChain: (await load()).ders() };
    },
    async sign(request) {
      const keySpec = await keySpecFor(request);
      if (request.keySpec !== keySpec)
        throw new SignerError(`expected key spec ${keySpec}, found ${request.keySpec}`, { reason: 'wrong-key-usage' });
      const signature = await sign(privateKey, keySpec, request.payload);
      request.signal?.throwIfAborted();
      return { signature, certificateChain: (await load()).ders() };
    },
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

/** The key must be made for exactly the algorithm of its spec: WebCrypto binds an RSA key to a scheme and a hash. */
function checkKey(key: WebCryptoKey, keySpec: KeySpec): void {
  const { type, hash, curve, signatureLength } = algorithmOf(keySpec);
  const found = key.algorithm as Partial<RsaHashedKeyAlgorithm & EcKeyAlgorithm>;
  const fits =
    type === 'ec'
      ? found.name === 'ECDSA' && found.namedCurve === curve
      : found.name === 'RSA-PSS' && found.modulusLength === signatureLength * 8 && found.hash?.name === hashNames[hash];
  if (!fits)
    throw new SignerError(
      `expected a WebCrypto key of ${keySpec} for ${algorithmOf(keySpec).plugin}, found ${found.name}`,
      {
        reason: 'unsupported-key',
      },
    );
  if (key.type !== 'private' || !key.usages.includes('sign'))
    throw new SignerError('expected a private key with the usage "sign"', { reason: 'wrong-key-usage' });
}

async function sign(key: WebCryptoKey, keySpec: KeySpec, payload: Uint8Array): Promise<Bytes> {
  const { type, hash, saltLength } = algorithmOf(keySpec);
  const parameters = type === 'ec' ? { name: 'ECDSA', hash: hashNames[hash] } : { name: 'RSA-PSS', saltLength };
  try {
    return new Uint8Array(await webCrypto().sign(parameters, key, payload as Bytes));
  } catch (cause) {
    throw new SignerError('WebCrypto could not sign', { reason: 'unknown' }, { cause });
  }
}
