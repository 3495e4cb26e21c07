import { type Bytes, webCrypto } from '@notarykit/common/internal';
import { SignerError } from '@notarykit/signature-envelope/internal';

/** Ways to import a key whose kind is not known before. */
const kinds = [
  { name: 'RSA-PSS', hash: 'SHA-256' },
  { name: 'ECDSA', namedCurve: 'P-256' },
  { name: 'ECDSA', namedCurve: 'P-384' },
  { name: 'ECDSA', namedCurve: 'P-521' },
] as const;

/**
 * SubjectPublicKeyInfo of a PKCS#8 private key.
 *
 * @throws {SignerError} reason `bad-key` when it is not an RSA or EC key of the curves P-256, P-384, P-521
 */
export async function publicKeyOf(pkcs8: Bytes): Promise<Bytes> {
  for (const kind of kinds) {
    const key = await webCrypto()
      .importKey('pkcs8', pkcs8, kind, true, ['sign'])
      .catch(() => undefined);
    if (key !== undefined) return publicPart(await webCrypto().exportKey('jwk', key), kind);
  }
  // No cause: an error of the platform could quote the key.
  throw new SignerError('the private key is not a PKCS#8 key of RSA, P-256, P-384 or P-521', { reason: 'bad-key' });
}

async function publicPart({ kty, n, e, crv, x, y }: JsonWebKey, kind: (typeof kinds)[number]): Promise<Bytes> {
  const members = Object.entries({ kty, n, e, crv, x, y }).filter(([, value]) => value !== undefined);
  const key = await webCrypto().importKey('jwk', Object.fromEntries(members), kind, true, ['verify']);
  return new Uint8Array(await webCrypto().exportKey('spki', key));
}
