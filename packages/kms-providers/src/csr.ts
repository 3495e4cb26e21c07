import { type Bytes, type CallOptions, defined, type HashAlgorithm, untilAborted } from '@notarykit/common/internal';
import { createCsr, type Extension, parsePublicKey } from '@notarykit/pki/internal';
import { type KeySpec, keySpecOf, SignerError } from '@notarykit/signature-envelope/internal';
import type { CertificateChainInput } from './certificate-chain.js';
import { checkIssued, type IssuedChain } from './csr/check-issued.js';

export type { IssuedChain } from './csr/check-issued.js';

/**
 * A key that is to get a certificate. Every provider makes one beside its signer: a signer has its chain already, and here
 * there is none yet.
 */
export interface CertifiableKey {
  /** The public half. */
  describe(options?: CallOptions): Promise<CertifiableKeyDescription>;
  /** Signs; EC: r and s, each as long as the field. */
  sign(request: CertifiableKeyRequest): Promise<Uint8Array>;
}

/** What a {@link CertifiableKey} says of itself. */
export interface CertifiableKeyDescription {
  /** Resolved, versioned and not secret. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** Of an RSA key: how it signs requests. More authorities take `rsassa-pkcs1`, but some keys sign only with `rsassa-pss`. */
  readonly rsaScheme?: 'rsassa-pss' | 'rsassa-pkcs1';
}

/** What a {@link CertifiableKey} signs. */
export interface CertifiableKeyRequest extends CallOptions {
  /** The bytes to sign, not hashed. */
  readonly data: Uint8Array;
  readonly keySpec: KeySpec;
  readonly hash: HashAlgorithm;
  readonly scheme: 'rsassa-pss' | 'rsassa-pkcs1' | 'ecdsa';
}

/** Options of {@link createKeyCsr}. */
export interface CreateKeyCsrOptions extends CallOptions {
  /** The name, in this order. Trusted identities are made of C, ST and O: `{ C: 'US', ST: 'WA', O: 'Notary', CN: 'release' }`. */
  readonly subject: Readonly<Record<string, string>>;
  /** Extensions to ask for. Default key usage digitalSignature and extended key usage codeSigning. */
  readonly extensions?: readonly Extension[];
}

/**
 * A certificate signing request (PKCS #10) for a key that stays where it is.
 *
 * @returns DER; as text with `encodePem('CERTIFICATE REQUEST', csr)`
 * @throws {SignerError} what the key throws, and `unsupported-key` for a key that no Notary signature may have
 */
export async function createKeyCsr(key: CertifiableKey, options: CreateKeyCsrOptions): Promise<Bytes> {
  const call = defined({ signal: options.signal });
  options.signal?.throwIfAborted();
  const { publicKey: der, rsaScheme, keyId } = await untilAborted(key.describe(call), options.signal);
  const publicKey = parsePublicKey(der);
  const keySpec = specOf(publicKey, keyId);
  return createCsr({
    subject: options.subject,
    publicKey,
    ...defined({ scheme: rsaScheme, extensions: options.extensions }),
    sign: (data, { hash, scheme }) => {
      const request = { data, hash, scheme: scheme as CertifiableKeyRequest['scheme'], keySpec, ...call };
      return untilAborted(key.sign(request), options.signal);
    },
  });
}

function specOf(publicKey: ReturnType<typeof parsePublicKey>, keyId: string): KeySpec {
  try {
    return keySpecOf(publicKey);
  } catch (cause) {
    throw new SignerError((cause as Error).message, { reason: 'unsupported-key', keyId }, { cause });
  }
}

/** Options of {@link requestCertificate}. */
export interface RequestCertificateOptions extends CreateKeyCsrOptions {
  /**
   * Takes the request to an authority, in whatever way, and brings the certificates back: in any order, root included, PEM
   * text or DER.
   */
  readonly issue: (csr: Bytes, options: CallOptions) => Promise<CertificateChainInput>;
  /** When the chain must be valid. Default now. */
  readonly now?: Date;
  /**
   * Takes a certificate for another name than `subject`, such as that of a role of the authority. Default false: trusted identities
   * are made of the name, so that each attribute that was asked for must be there with its value. Others may be added.
   */
  readonly allowOtherSubject?: boolean;
}

/**
 * The whole road to a certificate: a request signed by the key, taken to an authority, and the answer checked before anybody
 * stores it: that it is for this key, whole, in order, and fit for Notary signatures. Authorities like to issue certificates
 * for TLS servers, with which no signature would ever verify.
 *
 * @throws {SignerError} `chain-mismatch` for an answer that does not fit, `unsupported-key`, and what key and `issue` throw
 * @throws {PkiError} `ERR_PKI_CERTIFICATE` for a subject that is not a name, `ERR_PKI_KEY` for a signature that is not the key's
 *
 * @example
 * ```ts
 * const { pem } = await requestCertificate(awsKmsKey({ client, keyId: 'alias/net-monitor' }), {
 *   subject: { C: 'US', ST: 'WA', O: 'Wabbit Networks', CN: 'net-monitor' },
 *   issue: async (csr) => askOurAuthority(encodePem('CERTIFICATE REQUEST', csr)),
 * });
 * await writeFile('chain.pem', pem);
 * ```
 */
export async function requestCertificate(
  key: CertifiableKey,
  options: RequestCertificateOptions,
): Promise<IssuedChain> {
  const { signal, subject, allowOtherSubject = false, now = new Date() } = options;
  const call = defined({ signal });
  signal?.throwIfAborted();
  const csr = await createKeyCsr(key, options);
  const { publicKey, keyId } = await key.describe(call);
  const issued = await untilAborted(options.issue(csr, call), signal);
  return checkIssued(issued, { publicKey, keyId, at: now, subject, allowOtherSubject });
}
