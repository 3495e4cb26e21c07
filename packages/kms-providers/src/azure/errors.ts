import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope';

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
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

/** An error of the Azure SDK as one of ours; an abort stays what it is. */
export function azureError(error: unknown, keyId: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof SignerError) return error;
  const shape = error as RestErrorShape;
  const requestId = shape.response?.headers?.get('x-ms-request-id');
  const label = shape.code ?? shape.name ?? 'error';
  return new SignerError(
    `Azure Key Vault: ${label}: ${shape.message ?? ''}`,
    { reason: reasonOf(shape), provider: 'azure-key-vault', keyId, ...(requestId === undefined ? {} : { requestId }) },
    { cause: error },
  );
}

function reasonOf({ name = '', code = '', statusCode, details }: RestErrorShape): SignerErrorReason {
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
  if (code === 'ETIMEDOUT') return 'timeout';
  if ((statusCode !== undefined && statusCode >= 500) || code === 'REQUEST_SEND_ERROR') return 'unavailable';
  return statusCode === 400 ? 'wrong-key-usage' : 'unknown';
}
