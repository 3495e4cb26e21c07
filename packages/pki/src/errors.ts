import { CodedError } from '@notarykit/common/internal';

/** Codes of {@link PkiError}. */
export type PkiErrorCode =
  | 'ERR_PKI_ASN1'
  | 'ERR_PKI_CERTIFICATE'
  | 'ERR_PKI_CHAIN'
  | 'ERR_PKI_LIMIT'
  | 'ERR_PKI_KEY'
  | 'ERR_PKI_REVOCATION'
  | 'ERR_PKI_TSA'
  | 'ERR_PKI_TIMESTAMP';

/** A certificate, chain, key, revocation answer or timestamp is malformed or not valid. */
export class PkiError extends CodedError<PkiErrorCode> {}
