import type { Bytes, CallOptions } from '@notarykit/common/internal';

/** How long one call may take. */
export interface SourceOptions extends CallOptions {
  /** Milliseconds, when the whole chain has less left than the source allows itself. */
  readonly timeoutMs?: number;
}

/** Where answers come from: the network, or a recording. Each rejects with a `PkiError` when there is none. */
export interface RevocationSource {
  /** The answer to a request (DER). */
  ocsp(request: OcspQuery, options?: SourceOptions): Promise<Bytes>;
  /** The CRL at a URL (DER). */
  crl(url: string, options?: SourceOptions): Promise<Bytes>;
}

/** A question to a responder. */
export interface OcspQuery {
  readonly url: string;
  /** The request, DER. */
  readonly request: Bytes;
  /** Names the certificate, whatever the nonce of the request. */
  readonly certId: string;
}
