import type { Bytes } from '@notarykit/common';
import { encodeContext, encodeInteger, encodeSequence, encodeTime } from '../asn1/index.js';
import { encodeSignatureAlgorithm } from '../crypto/signature-algorithm.js';
import { encodeName } from '../x509/encode-name.js';
import { type CreateCsrOptions, codeSigningExtensions, encodeExtensions, parametersOf, signed } from './create.js';

/** What a self-signed certificate says, and the key that it is for. */
export interface CreateSelfSignedOptions extends CreateCsrOptions {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * A certificate that a key signs for itself (X.509 version 3, RFC 5280, 4.1), DER, with a random serial number. Nobody vouches for it: it
 * is for tests, or for a trust store that it is carried to by hand.
 *
 * @throws {PkiError} as {@link createCsr}
 */
export async function createSelfSigned(options: CreateSelfSignedOptions): Promise<Bytes> {
  const { subject, publicKey, notBefore, notAfter, extensions = codeSigningExtensions() } = options;
  const parameters = parametersOf(options);
  const name = encodeName(subject);
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

/** 127 random bits, positive and not zero (RFC 5280, 4.1.2.2). */
function randomSerial(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return (bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) % (1n << 126n)) | (1n << 126n);
}
