import type { Bytes, CallOptions } from '@notarykit/common';

/** Where answers come from: the network, or a recording. Each rejects with a `PkiError` when there is none. */
export interface RevocationSource {
  /** The answer to a request (DER). */
  ocsp(request: OcspQuery, options?: CallOptions): Promise<Bytes>;
  /** The CRL at a URL (DER). */
  crl(url: string, options?: CallOptions): Promise<Bytes>;
}

/** A question to a responder. */
export interface OcspQuery {
  readonly url: string;
  /** The request, DER. */
  readonly request: Bytes;
  /** Names the certificate, whatever the nonce of the request. */
  readonly certId: string;
}
