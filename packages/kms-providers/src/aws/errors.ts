import { defined, parseRetryAfter } from '@notarykit/common/internal';
import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope/internal';
import { isNetworkFailure, isUnreadable } from '../remote/network.js';

/** What AWS calls it. Matched by name: two copies of the SDK have two classes, and rarer errors have none of their own. */
const reasons: Readonly<Record<string, SignerErrorReason>> = {
  CredentialsProviderError: 'unauthenticated',
  UnrecognizedClientException: 'unauthenticated',
  MissingAuthenticationTokenException: 'unauthenticated',
  ExpiredTokenException: 'unauthenticated',
  InvalidSignatureException: 'unauthenticated',
  RequestTimeTooSkewed: 'unauthenticated',
  AccessDeniedException: 'access-denied',
  NotFoundException: 'key-not-found',
  InvalidArnException: 'key-not-found',
  DisabledException: 'key-disabled',
  KMSInvalidStateException: 'key-disabled',
  InvalidKeyUsageException: 'wrong-key-usage',
  UnsupportedOperationException: 'unsupported-key',
  ThrottlingException: 'throttled',
  LimitExceededException: 'throttled',
  TimeoutError: 'timeout',
  DependencyTimeoutException: 'timeout',
  KMSInternalException: 'unavailable',
  KeyUnavailableException: 'unavailable',
};

/** By HTTP status, for answers that come from a proxy; the service itself answers 400 to all of them. */
const byHttp: Readonly<Record<number, SignerErrorReason>> = {
  401: 'unauthenticated',
  403: 'access-denied',
  408: 'timeout',
  429: 'throttled',
};

interface AwsErrorShape {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
  /** The answer as it came; the SDK makes it a hidden member. */
  readonly $response?: { readonly headers?: Readonly<Record<string, unknown>> };
}

/** An error of the AWS SDK as one of ours; an abort stays what it is. */
export function awsError(error: unknown, keyId: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof SignerError) return error;
  const { name = '', message = '', $metadata, $response } = (error ?? {}) as AwsErrorShape;
  const requestId = $metadata?.requestId;
  return new SignerError(
    `AWS KMS: ${name || 'error'}: ${message}`,
    {
      reason: reasonOf(error, name, $metadata?.httpStatusCode),
      provider: 'aws-kms',
      keyId,
      ...defined({ requestId }),
      ...askedWait($response?.headers),
    },
    { cause: error },
  );
}

/** How long the service asks to wait: in seconds or as a date (`Retry-After`), or in milliseconds (`x-amz-retry-after`). */
function askedWait(headers: Readonly<Record<string, unknown>> = {}): { readonly retryAfterMs?: number } {
  const headerOf = (wanted: string): string | null => {
    const name = Object.keys(headers).find((each) => each.toLowerCase() === wanted);
    const value = name === undefined ? undefined : headers[name];
    return typeof value === 'string' ? value : null;
  };
  const own = headerOf('x-amz-retry-after');
  const retryAfterMs =
    parseRetryAfter(headerOf('retry-after'), Date.now()) ??
    (own !== null && /^\d{1,15}$/.test(own.trim()) ? Number(own) : undefined);
  return defined({ retryAfterMs });
}

function reasonOf(error: unknown, name: string, status: number | undefined): SignerErrorReason {
  // First: the SDK calls a connection that was cut a TimeoutError.
  const { code } = (error ?? {}) as { code?: unknown };
  if (isNetworkFailure(code)) return 'unavailable';
  if (Object.hasOwn(reasons, name)) return reasons[name] as SignerErrorReason;
  if (code === 'ETIMEDOUT') return 'timeout';
  if ((status ?? 0) >= 500) return 'unavailable';
  return byHttp[status ?? 0] ?? (isUnreadable(error) ? 'unavailable' : 'unknown');
}
