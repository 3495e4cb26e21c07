import type { Bytes, HashAlgorithm } from '@notarykit/common/internal';
import {
  encodeBitString,
  encodeBoolean,
  encodeContext,
  encodeInteger,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSet,
} from '../asn1/index.js';
import { ecdsaToDer } from '../crypto/ecdsa.js';
import { digestLength, type HashedParameters } from '../crypto/platform.js';
import { type PublicKey, refuseKey } from '../crypto/public-key.js';
import { encodeSignatureAlgorithm } from '../crypto/signature-algorithm.js';
import { verifyWith } from '../crypto/verify-raw.js';
import type { Extension } from '../x509/certificate.js';
import { encodeName } from '../x509/encode-name.js';

/** The subject and key of a request or a certificate. */
export interface CreateCsrOptions {
  /** The name, in this order: `{ C: 'US', ST: 'WA', O: 'Notary', CN: 'wabbit-networks.io' }`. */
  readonly subject: Readonly<Record<string, string>>;
  /** The public half of the key. */
  readonly publicKey: PublicKey;
  /**
   * Signs the request's bytes with the private key, wherever that is (a KMS, an HSM, a plugin). It is called once. ECDSA
   * signatures are `r ‖ s` unless `ecdsaFormat` says otherwise.
   */
  readonly sign: (
    tbs: Bytes,
    options: { readonly hash: HashAlgorithm; readonly scheme: string },
  ) => Promise<Uint8Array>;
  /** RSA only. Default `rsassa-pss`, the scheme of Notary keys. */
  readonly scheme?: 'rsassa-pss' | 'rsassa-pkcs1';
  /** Default: the hash of a Notary signature with this key (SHA-256 for RSA 2048 and P-256, and so on). */
  readonly hash?: HashAlgorithm;
  readonly ecdsaFormat?: 'raw' | 'der';
  /** Extensions that the certificate shall have (PKCS #9 extensionRequest). Default {@link codeSigningExtensions}. */
  readonly extensions?: readonly Extension[];
}

const oidExtensionRequest = '1.2.840.113549.1.9.14';

/** Key usage digitalSignature (critical) and extended key usage codeSigning: what a Notary signing certificate has. */
export function codeSigningExtensions(): readonly Extension[] {
  return [
    { oid: '2.5.29.15', critical: true, value: encodeBitString(Uint8Array.of(0x80), 7) },
    { oid: '2.5.29.37', critical: false, value: encodeSequence(encodeOid('1.3.6.1.5.5.7.3.3')) },
  ];
}

/**
 * A certificate signing request (PKCS #10, RFC 2986), DER. The private key stays where it is: only `sign` meets it, and what it
 * returns is verified with the public key before the request leaves.
 *
 * @throws {PkiError} `ERR_PKI_KEY` a key that is not supported, or a signature that is not the key's; `ERR_PKI_CERTIFICATE` a
 * subject that is not a name; what `sign` throws
 *
 * @example
 * ```ts
 * const csr = await createCsr({ subject: { C: 'US', ST: 'WA', O: 'Notary', CN: 'wabbit' }, publicKey, sign: signInKms });
 * console.log(encodePem('CERTIFICATE REQUEST', csr));
 * ```
 */
export async function createCsr(options: CreateCsrOptions): Promise<Bytes> {
  const { subject, publicKey, extensions = codeSigningExtensions() } = options;
  const parameters = parametersOf(options);
  const attributes = extensions.length === 0 ? [] : [encodeRequest(extensions)];
  const info = encodeSequence(encodeInteger(0), encodeName(subject), publicKey.der, encodeContext(0, ...attributes));
  return await signed(info, parameters, options);
}

/** The signed structure of requests and certificates: the bytes, the algorithm and the signature. */
export async function signed(info: Bytes, parameters: HashedParameters, options: CreateCsrOptions): Promise<Bytes> {
  const signature = await signChecked(info, parameters, options);
  return encodeSequence(info, encodeSignatureAlgorithm(parameters), encodeBitString(signature));
}

const hashes: Readonly<Record<number, HashAlgorithm>> = {
  256: 'sha256',
  384: 'sha384',
  521: 'sha512',
  2048: 'sha256',
  3072: 'sha384',
  4096: 'sha512',
};

/** How the key signs. @throws {PkiError} `ERR_PKI_KEY` */
export function parametersOf({ publicKey, scheme = 'rsassa-pss', hash: wanted }: CreateCsrOptions): HashedParameters {
  if (publicKey.type !== 'rsa' && publicKey.type !== 'ec')
    refuseKey('expected a key of RSA, or EC on P-256, P-384 or P-521');
  const hash = wanted ?? hashes[publicKey.bits] ?? 'sha256';
  if (publicKey.type === 'ec') return { scheme: 'ecdsa', hash };
  return scheme === 'rsassa-pss' ? { scheme, hash, saltLength: digestLength(hash) } : { scheme, hash };
}

async function signChecked(info: Bytes, parameters: HashedParameters, options: CreateCsrOptions): Promise<Uint8Array> {
  const { publicKey, sign, ecdsaFormat = 'raw' } = options;
  const { scheme } = parameters;
  const signature = await sign(info, { hash: parameters.hash as HashAlgorithm, scheme });
  if (!(await verifyWith(publicKey, parameters, info, signature, ecdsaFormat))) {
    refuseKey(`expected a signature of the public key (${scheme}, ${parameters.hash}), found another`);
  }
  return scheme === 'ecdsa' && ecdsaFormat === 'raw' ? ecdsaToDer(signature) : signature;
}

function encodeRequest(extensions: readonly Extension[]): Bytes {
  return encodeSequence(encodeOid(oidExtensionRequest), encodeSet(encodeExtensions(extensions)));
}

/** RFC 5280, 4.1: Extensions. */
export function encodeExtensions(extensions: readonly Extension[]): Bytes {
  const list = extensions.map(({ oid, critical, value }) =>
    encodeSequence(encodeOid(oid), ...(critical ? [encodeBoolean(true)] : []), encodeOctetString(value)),
  );
  return encodeSequence(...list);
}
