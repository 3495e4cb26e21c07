import { CodedError } from '@notarykit/common/internal';

/** Codes of {@link EnvelopeError}. */
export type EnvelopeErrorCode =
  | 'ERR_ENVELOPE_MALFORMED'
  | 'ERR_ENVELOPE_ALGORITHM'
  | 'ERR_ENVELOPE_CRITICAL'
  | 'ERR_ENVELOPE_CHAIN'
  | 'ERR_ENVELOPE_INTEGRITY'
  | 'ERR_ENVELOPE_LIMIT'
  | 'ERR_ENVELOPE_TIME';

/** A signature envelope is malformed or fails its integrity check. */
export class EnvelopeError extends CodedError<EnvelopeErrorCode> {}

/** Why a signer could not sign; the class of a failure whatever the key service calls it. */
export type SignerErrorReason =
  | 'unauthenticated'
  | 'access-denied'
  | 'invalid-request'
  | 'key-not-found'
  | 'key-disabled'
  | 'wrong-key-usage'
  | 'unsupported-key'
  | 'bad-key'
  | 'chain-mismatch'
  | 'bad-signature'
  | 'bad-signature-encoding'
  | 'throttled'
  | 'timeout'
  | 'unavailable'
  | 'plugin'
  | 'unknown';

/** Codes of {@link SignerError}: the plugin contract's codes, so that a plugin maps them one to one. */
export type SignerErrorCode =
  | 'ERR_SIGNER_VALIDATION'
  | 'ERR_SIGNER_ACCESS_DENIED'
  | 'ERR_SIGNER_THROTTLED'
  | 'ERR_SIGNER_TIMEOUT'
  | 'ERR_SIGNER_PLUGIN'
  | 'ERR_SIGNER';

/** Facts of a {@link SignerError}. */
export interface SignerErrorDetail {
  readonly reason: SignerErrorReason;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Which provider: `aws-kms`, `azure-key-vault`, `local` … */
  readonly provider?: string;
  readonly keyId?: string;
  readonly requestId?: string;
  /** How long the service asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

const codes: Readonly<Record<SignerErrorReason, SignerErrorCode>> = {
  unauthenticated: 'ERR_SIGNER_ACCESS_DENIED',
  'access-denied': 'ERR_SIGNER_ACCESS_DENIED',
  'invalid-request': 'ERR_SIGNER_VALIDATION',
  'key-not-found': 'ERR_SIGNER_VALIDATION',
  'key-disabled': 'ERR_SIGNER_VALIDATION',
  'wrong-key-usage': 'ERR_SIGNER_VALIDATION',
  'unsupported-key': 'ERR_SIGNER_VALIDATION',
  'bad-key': 'ERR_SIGNER_VALIDATION',
  'chain-mismatch': 'ERR_SIGNER_VALIDATION',
  'bad-signature': 'ERR_SIGNER_VALIDATION',
  'bad-signature-encoding': 'ERR_SIGNER_VALIDATION',
  throttled: 'ERR_SIGNER_THROTTLED',
  timeout: 'ERR_SIGNER_TIMEOUT',
  unavailable: 'ERR_SIGNER',
  plugin: 'ERR_SIGNER_PLUGIN',
  unknown: 'ERR_SIGNER',
};

/** Whether a text is a {@link SignerErrorReason}. */
export function isSignerErrorReason(text: string): text is SignerErrorReason {
  return Object.hasOwn(codes, text);
}

/** A signer failed. `reason` and `retryable` say what to do; the code follows from the reason. */
export class SignerError extends CodedError<SignerErrorCode, SignerErrorDetail> {
  readonly reason: SignerErrorReason;
  readonly retryable: boolean;

  constructor(
    message: string,
    detail: Omit<SignerErrorDetail, 'retryable'> & { readonly retryable?: boolean },
    options: { readonly cause?: unknown } = {},
  ) {
    const retryable = detail.retryable ?? (detail.reason === 'throttled' || detail.reason === 'unavailable');
    super(codes[detail.reason], message, { ...options, detail: { ...detail, retryable } });
    this.reason = detail.reason;
    this.retryable = retryable;
  }
}
