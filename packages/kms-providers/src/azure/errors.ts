import { createRedactor, defined, parseRetryAfter } from '@notarykit/common/internal';
import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope/internal';
import { isNetworkFailure, isUnreadable } from '../remote/network.js';

interface RestErrorShape {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly details?: {
    readonly error?: {
      readonly innererror?: { readonly code?: string };
      readonly innerError?: { readonly code?: string };
    };
  };
  readonly request?: { readonly headers?: { get(name: string): string | undefined } };
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

/** An error of the Azure SDK as one of ours; an abort stays what it is. */
export function azureError(error: unknown, keyId: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof SignerError) return error;
  const shape = (error ?? {}) as RestErrorShape;
  const requestId = shape.response?.headers?.get('x-ms-request-id');
  const label = shape.code ?? shape.name ?? 'error';
  // The client's token is not ours to use, but its error has the request: what the service repeats of it is taken out.
  const redactor = createRedactor([shape.request?.headers?.get('authorization')?.replace(/^Bearer /i, '')]);
  const translated = new SignerError(
    `Azure Key Vault: ${label}: ${shape.message ?? ''}`,
    {
      reason: reasonOf(shape),
      provider: 'azure-key-vault',
      keyId,
      ...defined({ requestId }),
      ...askedWait(shape),
    },
    { cause: error },
  );
  return redactor.value(translated);
}

function askedWait({ response }: RestErrorShape): { readonly retryAfterMs?: number } {
  const retryAfterMs = parseRetryAfter(response?.headers?.get('retry-after') ?? null, Date.now());
  return defined({ retryAfterMs });
}

function reasonOf({ name = '', code = '', message = '', statusCode, details }: RestErrorShape): SignerErrorReason {
  // The inner code is spelled in two ways, depending on the service.
  const inner = details?.error?.innererror?.code ?? details?.error?.innerError?.code;
  if (inner === 'KeyDisabled' || code === 'KeyDisabled') return 'key-disabled';
  if (
    /^(CredentialUnavailableError|AuthenticationError|AggregateAuthenticationError)$/.test(name) ||
    statusCode === 401
  )
    return 'unauthenticated';
  if (statusCode === 403) return 'access-denied';
  if (statusCode === 404) return 'key-not-found';
  if (statusCode === 429) return 'throttled';
  if (code === 'ETIMEDOUT' || statusCode === 408) return 'timeout';
  if ((statusCode ?? 0) >= 500 || code === 'REQUEST_SEND_ERROR' || isNetworkFailure(code)) return 'unavailable';
  if (isUnreadable({ name, code })) return 'unavailable';
  if (statusCode === 400) return 'wrong-key-usage';
  return statusCode === undefined ? reasonOfRefusal(message) : 'unknown';
}

/** What the client refuses by itself, before it asks the vault: plain errors that differ only in their text. */
function reasonOfRefusal(message: string): SignerErrorReason {
  if (/can't be used before|expired at/.test(message)) return 'key-disabled';
  return /is not supported on key|Unable to support operation/.test(message) ? 'wrong-key-usage' : 'unknown';
}
