import type { HashAlgorithm } from '@notarykit/common/internal';
import { platformVerify } from '#crypto';
import { PkiError } from '../errors.js';
import { ecdsaFromDer } from './ecdsa.js';
import { digestLength, type SignatureParameters } from './platform.js';
import { pssKeyFor } from './pss-key.js';
import { curves, type PublicKey, refuseKey } from './public-key.js';

/** The signature schemes of X.509, JWS and COSE that the SDK verifies. */
export type SignatureScheme = 'rsassa-pss' | 'rsassa-pkcs1' | 'ecdsa';

/** What {@link verifyRaw} is asked. */
export interface VerifyRawRequest {
  readonly publicKey: PublicKey;
  readonly scheme: SignatureScheme;
  readonly hash: HashAlgorithm;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
  /** The form of an ECDSA signature: `raw` is `r ‖ s` (JWS, COSE; the default), `der` is that of X.509 and CMS. */
  readonly ecdsaFormat?: 'raw' | 'der';
  /**
   * RSASSA-PSS: the salt's length in bytes. Default: that of the hash, the only one that Notary signatures have. Shorter than 32
   * bytes is refused.
   */
  readonly saltLength?: number;
}

/**
 * Whether the signature is the key's over the data. `false` for any bytes that are not; the MGF1 hash of PSS is always the hash
 * itself. The scheme must come from the key or the certificate, never from the message.
 *
 * @throws {PkiError} `ERR_PKI_KEY` when the key cannot be used with the scheme, or is not a key at all
 */
export async function verifyRaw(request: VerifyRawRequest): Promise<boolean> {
  return answerRaw(request, false);
}

/** As {@link verifyRaw}; with `concurrent`, beside other checks. */
export async function answerRaw(request: VerifyRawRequest, concurrent: boolean): Promise<boolean> {
  const { publicKey, scheme, hash, data, signature, saltLength = digestLength(hash) } = request;
  const parameters: SignatureParameters = scheme === 'rsassa-pss' ? { scheme, hash, saltLength } : { scheme, hash };
  return verifyWith(publicKey, parameters, data, signature, request.ecdsaFormat, concurrent);
}

const shortestSalt = 32;
const ed25519Length = 64;

/** As {@link verifyRaw}, with the parameters of an AlgorithmIdentifier. */
export async function verifyWith(
  publicKey: PublicKey,
  parameters: SignatureParameters,
  data: Uint8Array,
  signature: Uint8Array,
  ecdsaFormat: 'raw' | 'der' = 'raw',
  concurrent = false,
): Promise<boolean> {
  const key = usableKey(publicKey, parameters);
  if (parameters.scheme === 'rsassa-pss' && parameters.saltLength < shortestSalt) return false;
  if (key.type === 'ed25519')
    return signature.length === ed25519Length && platformVerify(key, parameters, data, signature, concurrent);
  if (key.curve === undefined) {
    // As long as the modulus (RFC 8017, 8.1.2 and 8.2.2): the platform accepts a PSS signature that lost a leading zero.
    if (signature.length !== Math.ceil(key.bits / 8)) return false;
    return platformVerify(key, parameters, data, signature, concurrent);
  }
  const raw = ecdsaFormat === 'der' ? readDer(signature, key.curve) : signature;
  if (raw === undefined || raw.length !== 2 * curves[key.curve].octets) return false;
  return platformVerify(key, parameters, data, raw, concurrent);
}

function usableKey(key: PublicKey, parameters: SignatureParameters): PublicKey {
  if (key.type === 'ec' && parameters.scheme === 'ecdsa') return key;
  if (key.type === 'rsa' && isRsa(parameters)) return key;
  if (key.type === 'ed25519' && parameters.scheme === 'ed25519') return key;
  const typed =
    key.type === 'unsupported' && parameters.scheme === 'rsassa-pss' ? pssKeyFor(key, parameters) : undefined;
  return typed ?? refuseKey(`expected a key for ${parameters.scheme}, found one of type ${key.type}`);
}

function isRsa({ scheme }: SignatureParameters): boolean {
  return scheme === 'rsassa-pkcs1' || scheme === 'rsassa-pss';
}

function readDer(signature: Uint8Array, curve: NonNullable<PublicKey['curve']>): Uint8Array | undefined {
  try {
    return ecdsaFromDer(signature, curve);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
