import { type Bytes, quote } from '@notarykit/common/internal';
import { encodeContext, encodeInteger, encodeSequence, encodeTime } from '../asn1/index.js';
import { encodeSignatureAlgorithm } from '../crypto/signature-algorithm.js';
import { PkiError } from '../errors.js';
import { encodeName } from '../x509/encode-name.js';
import { type CreateCsrOptions, codeSigningExtensions, encodeExtensions, parametersOf, signed } from './create.js';

/** What a self-signed certificate says, and the key that it is for. */
export interface CreateSelfSignedOptions extends CreateCsrOptions {
  /** Start of the validity, in whole seconds. */
  readonly notBefore: Date;
  /** End of the validity, not before its start. */
  readonly notAfter: Date;
}

/**
 * A certificate that a key signs for itself (X.509 version 3, RFC 5280, 4.1), DER, with a random serial number. No authority vouches for
 * it: use it in tests, or in a trust store to which it is added by hand.
 *
 * @throws {PkiError} as {@link createCsr}; `ERR_PKI_CERTIFICATE` also for times that a certificate cannot hold
 */
export async function createSelfSigned(options: CreateSelfSignedOptions): Promise<Bytes> {
  const { subject, publicKey, notBefore, notAfter, extensions = codeSigningExtensions() } = options;
  const parameters = parametersOf(options);
  const name = encodeName(subject);
  checkValidity(notBefore, notAfter);
  const tbs = encodeSequence(
    encodeContext(0, encodeInteger(2)),
    encodeInteger(randomSerial()),
    encodeSignatureAlgorithm(parameters),
    name,
    encodeSequence(encodeTime(notBefore), encodeTime(notAfter)),
    name,
    publicKey.der,
    ...(extensions.length === 0 ? [] : [encodeContext(3, encodeExtensions(extensions))]),
  );
  return await signed(tbs, parameters, options);
}

/** Years have four digits (RFC 5280, 4.1.2.5); a certificate that ends before it begins is never valid. */
function checkValidity(notBefore: Date, notAfter: Date): void {
  const isTime = (date: Date): boolean =>
    date instanceof Date && date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999;
  if (isTime(notBefore) && isTime(notAfter) && notBefore <= notAfter) return;
  throw new PkiError(
    'ERR_PKI_CERTIFICATE',
    `expected notBefore and notAfter as dates in this order, found ${quote(notBefore)} and ${quote(notAfter)}`,
  );
}

/** A positive number of 127 bits, 126 of them random (RFC 5280, 4.1.2.2). */
function randomSerial(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return (bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) % (1n << 126n)) | (1n << 126n);
}
