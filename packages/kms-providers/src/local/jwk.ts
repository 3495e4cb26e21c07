import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope/internal';

/** A private key as a JSON Web Key (RFC 7517; RFC 7518, 6): RSA, or EC on P-256, P-384 or P-521. Any `JsonWebKey` will do. */
export interface PrivateJwk {
  readonly kty?: string | undefined;
  readonly crv?: string | undefined;
  readonly n?: string | undefined;
  readonly e?: string | undefined;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly d?: string | undefined;
  readonly p?: string | undefined;
  readonly q?: string | undefined;
  readonly dp?: string | undefined;
  readonly dq?: string | undefined;
  readonly qi?: string | undefined;
  /** `sig`, or absent. */
  readonly use?: string | undefined;
  /** With `sign`, or absent. */
  readonly key_ops?: readonly string[] | undefined;
  /** That of a Notary signature by this key (`PS256` to `PS512`, `ES256` to `ES512`), or absent. */
  readonly alg?: string | undefined;
}

const ecAlgorithms: ReadonlyMap<unknown, string> = new Map([
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
]);

/** By the length of the modulus in base64url. */
const rsaAlgorithms: Readonly<Record<number, string>> = { 342: 'PS256', 512: 'PS384', 683: 'PS512' };

/** Whether a private key is neither text nor bytes. */
export const isJwk = (key: string | Uint8Array | PrivateJwk): key is PrivateJwk =>
  typeof key === 'object' && key !== null && !ArrayBuffer.isView(key);

/** What must be in no error. */
export function secretsOfKey({ privateKey, password }: KeyMaterial): string[] {
  const { d, p, q, dp, dq, qi } = isJwk(privateKey) ? privateKey : ({} as PrivateJwk);
  return [password, privateKey, d, p, q, dp, dq, qi].filter((value) => typeof value === 'string');
}

interface KeyMaterial {
  readonly privateKey: string | Uint8Array | PrivateJwk;
  readonly password?: unknown;
}

/**
 * The key as PKCS#8, PEM.
 *
 * @throws {SignerError} reasons `bad-key`; `unsupported-key` for other kinds and sizes; `wrong-key-usage` for one that is meant for
 * something else
 */
export async function pemOfJwk(jwk: PrivateJwk): Promise<string> {
  const alg = algorithmOf(jwk);
  checkUse(jwk, alg);
  const { exportPKCS8, importJWK } = await import('jose');
  try {
    const { key_ops: _, ...members } = jwk;
    const key = await importJWK({ ...members, kty: jwk.kty as string } as Parameters<typeof importJWK>[0], alg, {
      extractable: true,
    });
    return await exportPKCS8(key as CryptoKey);
  } catch {
    // No cause: an error of the platform could quote the key.
    throw refuse('bad-key', 'the members of the JWK do not make a private key');
  }
}

function algorithmOf({ kty, crv, n, d }: PrivateJwk): string {
  if (typeof kty !== 'string') throw refuse('bad-key', 'expected text, bytes or a JWK, found an object without kty');
  const found = kty === 'EC' ? ecAlgorithms.get(crv) : kty === 'RSA' ? rsaAlgorithms[String(n).length] : undefined;
  if (found === undefined)
    throw refuse('unsupported-key', 'expected a JWK of RSA (2048, 3072 or 4096 bits) or EC (P-256, P-384 or P-521)');
  if (typeof d !== 'string') throw refuse('bad-key', 'expected a private JWK, found a public one');
  return found;
}

/** RFC 7517, 4.2 to 4.4. */
function checkUse({ use, key_ops: operations = ['sign'], alg }: PrivateJwk, own: string): void {
  // A text could contain the word too.
  const maySign = Array.isArray(operations) && operations.includes('sign');
  const isMeant = (use ?? 'sig') === 'sig' && maySign && (alg === undefined || alg === own);
  if (!isMeant)
    throw refuse('wrong-key-usage', `the use, key_ops or alg of the JWK does not allow signatures by ${own}`);
}

function refuse(reason: SignerErrorReason, message: string): SignerError {
  return new SignerError(`the private key cannot be read: ${message}`, { reason });
}
