import type { Bytes } from '@notarykit/common/internal';
import { encodeContext, encodeOctetString, encodeOid, encodeSequence } from '../asn1/index.js';
import type { Certificate } from '../x509/certificate.js';
import { type CertId, certIdOf, encodeCertId } from './cert-id.js';

/** OID of the nonce extension (RFC 8954). */
export const oidNonce = '1.3.6.1.5.5.7.48.1.2';

/** What is asked. */
export interface OcspRequestOptions {
  /** 1 to 32 bytes that a fresh answer repeats. Default none: responders mostly drop it, and caches break by it. */
  readonly nonce?: Uint8Array;
}

/** An unsigned request for the status of one certificate, SHA-1 identifier (RFC 6960, 4.1; RFC 5019, 2.1). */
export async function encodeOcspRequest(
  certificate: Certificate,
  issuer: Certificate,
  options: OcspRequestOptions = {},
): Promise<Bytes> {
  const id = (await certIdOf(certificate, issuer)) as CertId;
  const requests = encodeSequence(encodeSequence(encodeCertId(id)));
  const extensions =
    options.nonce === undefined ? [] : [encodeContext(2, encodeSequence(nonceExtension(options.nonce)))];
  return encodeSequence(encodeSequence(requests, ...extensions));
}

function nonceExtension(nonce: Uint8Array): Bytes {
  return encodeSequence(encodeOid(oidNonce), encodeOctetString(encodeOctetString(nonce)));
}
