import { copyBytes, webCrypto } from '@notarykit/common/internal';
import { type ParsePrivateKeyOptions, parsePrivateKey } from '@notarykit/pki/internal';
import { algorithmOf, SignerError } from '@notarykit/signature-envelope/internal';
import type { CertifiableKey } from '../csr.js';
import { redactedKey } from '../remote/redacted.js';
import { remoteKey } from '../remote/remote-key.js';
import type { KeySigningRequest } from '../remote/signing-request.js';
import { isJwk, type PrivateJwk, pemOfJwk, secretsOfKey } from './jwk.js';
import { publicKeyOf } from './public-key.js';

/** Options of {@link localKey}. */
export interface LocalKeyOptions extends ParsePrivateKeyOptions {
  /** PEM text (PKCS#8, encrypted or not, `RSA PRIVATE KEY` or `EC PRIVATE KEY`), PKCS#8 in DER, or a JWK. */
  readonly privateKey: string | Uint8Array | PrivateJwk;
  /** How an RSA key signs its request. Default `rsassa-pkcs1`. */
  readonly rsaScheme?: 'rsassa-pss' | 'rsassa-pkcs1';
}

/** A private key in memory that has no certificate yet: see `requestCertificate` of `./csr`. */
export function localKey({ privateKey, rsaScheme = 'rsassa-pkcs1', ...options }: LocalKeyOptions): CertifiableKey {
  const key = remoteKey({
    timeoutMs: Number.POSITIVE_INFINITY,
    rsaScheme,
    async open() {
      const key = await read(privateKey, options);
      return { key, keyId: 'local', publicKey: key.publicKey?.der ?? (await publicKeyOf(key.export())) };
    },
    sign: ({ key }, request) => sign(key, request),
  });
  return redactedKey(key, () => secretsOfKey({ ...options, privateKey }));
}

type PrivateKey = Awaited<ReturnType<typeof parsePrivateKey>>;

async function read(privateKey: LocalKeyOptions['privateKey'], options: ParsePrivateKeyOptions): Promise<PrivateKey> {
  try {
    return await parsePrivateKey(isJwk(privateKey) ? await pemOfJwk(privateKey) : privateKey, options);
  } catch (cause) {
    if (cause instanceof SignerError) throw cause;
    const message = `the private key cannot be read: ${(cause as Error).message}`;
    throw new SignerError(message, { reason: 'bad-key' }, { cause });
  }
}

async function sign(key: PrivateKey, { payload, keySpec, scheme }: KeySigningRequest): Promise<Uint8Array> {
  const { type, hash: name, curve = '', saltLength } = algorithmOf(keySpec);
  const hash = `SHA-${name.slice(3)}`;
  const rsa = scheme === 'rsassa-pkcs1' ? 'RSASSA-PKCS1-v1_5' : 'RSA-PSS';
  const imported = await key.importKey(type === 'ec' ? { name: 'ECDSA', namedCurve: curve } : { name: rsa, hash });
  const parameters = type === 'ec' ? { name: 'ECDSA', hash } : { name: rsa, saltLength };
  return new Uint8Array(await webCrypto().sign(parameters, imported, copyBytes(payload)));
}
