import { CodedError } from '@notarykit/common/internal';

/** Codes of {@link TransportError}. */
export type TransportErrorCode = 'ERR_TRANSPORT_UNSUPPORTED' | 'ERR_TRANSPORT_ADDRESS' | 'ERR_TRANSPORT_PROXY';

/** What is known about a request that was not made. Nothing in it is secret. */
export interface TransportErrorDetail {
  /** The host that was asked for. */
  readonly host?: string;
  /** Host and port of the proxy, without its account. */
  readonly proxy?: string;
  /** What the proxy answered to CONNECT. */
  readonly status?: number;
}

/**
 * A request that was not made: options that cannot be used here (`ERR_TRANSPORT_UNSUPPORTED`), a host that `addresses` or `onlyHosts`
 * refuse (`ERR_TRANSPORT_ADDRESS`), a proxy that was not reached or opened no tunnel (`ERR_TRANSPORT_PROXY`). What the platform reports (a refused
 * connection, a certificate that is not trusted) keeps the platform's error and code.
 */
export class TransportError extends CodedError<TransportErrorCode, TransportErrorDetail> {}
