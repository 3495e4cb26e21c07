import { isTimeout } from '@notarykit/common/internal';
import { type PluginFailureCode, redact } from '@notarykit/common/internal/node';
import { isSignerErrorReason, SignerError, type SignerErrorDetail } from '@notarykit/signature-envelope/internal';
import { failureCodeOf } from './failure.js';
import { RequestError } from './serve.js';

/** The error object of the plugin contract. */
export interface ErrorDocument {
  readonly errorCode: PluginFailureCode;
  readonly errorMessage: string;
  readonly errorMetadata?: Readonly<Record<string, string>>;
}

/** What a host gets to know of a failure: the contract's code, the message without configured values, and the exact reason. */
export function errorDocumentOf(error: unknown, secrets: readonly string[]): ErrorDocument {
  const errorMessage = redact(messageOf(error), secrets) || 'no reason given';
  if (error instanceof RequestError) return { errorCode: error.failure, errorMessage };
  const detail = signerDetailOf(error);
  if (detail === undefined) return { errorCode: isTimeout(error) ? 'TIMEOUT' : 'ERROR', errorMessage };
  const { reason, retryable, provider, requestId } = detail;
  const errorMetadata = {
    reason,
    retryable: `${retryable}`,
    ...(provider === undefined ? {} : { provider: redact(String(provider), secrets) }),
    ...(requestId === undefined ? {} : { requestId: redact(String(requestId), secrets) }),
  };
  return { errorCode: failureCodeOf(new SignerError('', { reason })), errorMessage, errorMetadata };
}

/** Whatever was thrown, also what cannot be looked at. */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return '';
  }
}

/** By its shape: a signer may come with a copy of its own of the class. */
function signerDetailOf(error: unknown): SignerErrorDetail | undefined {
  if (!(error instanceof Error) || !('reason' in error)) return undefined;
  const { reason } = error;
  if (typeof reason !== 'string' || !isSignerErrorReason(reason)) return undefined;
  const { detail, retryable } = error as Partial<SignerError>;
  return { ...detail, reason, retryable: retryable === true };
}
