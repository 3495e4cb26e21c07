import { defined } from '@notarykit/common/internal';
import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope/internal';

/** Return values of PKCS#11 by what they mean for a signer. */
const reasons: Readonly<Record<string, SignerErrorReason>> = {
  CKR_PIN_INCORRECT: 'unauthenticated',
  CKR_PIN_INVALID: 'unauthenticated',
  CKR_PIN_LEN_RANGE: 'unauthenticated',
  CKR_PIN_EXPIRED: 'unauthenticated',
  CKR_PIN_LOCKED: 'unauthenticated',
  CKR_USER_NOT_LOGGED_IN: 'unauthenticated',
  CKR_USER_PIN_NOT_INITIALIZED: 'unauthenticated',
  CKR_USER_ANOTHER_ALREADY_LOGGED_IN: 'unauthenticated',
  CKR_KEY_FUNCTION_NOT_PERMITTED: 'access-denied',
  CKR_TOKEN_WRITE_PROTECTED: 'access-denied',
  CKR_SESSION_READ_ONLY: 'access-denied',
  CKR_KEY_TYPE_INCONSISTENT: 'wrong-key-usage',
  CKR_MECHANISM_INVALID: 'wrong-key-usage',
  CKR_MECHANISM_PARAM_INVALID: 'wrong-key-usage',
  CKR_KEY_SIZE_RANGE: 'unsupported-key',
  CKR_KEY_HANDLE_INVALID: 'key-not-found',
  CKR_OBJECT_HANDLE_INVALID: 'key-not-found',
  CKR_DEVICE_ERROR: 'unavailable',
  CKR_DEVICE_MEMORY: 'unavailable',
  CKR_DEVICE_REMOVED: 'unavailable',
  CKR_HOST_MEMORY: 'unavailable',
  CKR_TOKEN_NOT_PRESENT: 'unavailable',
  CKR_TOKEN_NOT_RECOGNIZED: 'unavailable',
  CKR_SESSION_CLOSED: 'unavailable',
  CKR_SESSION_COUNT: 'unavailable',
  CKR_SESSION_HANDLE_INVALID: 'unavailable',
  CKR_CRYPTOKI_NOT_INITIALIZED: 'unavailable',
};

/** What a token says when the connection, not the request, is at fault: sessions and handles of before are worth nothing. */
const lost = new Set([
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_SESSION_CLOSED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
  'CKR_USER_NOT_LOGGED_IN',
]);

/** The name of a return value (`CKR_PIN_INCORRECT`), if the error is one of the library's. */
export function returned(error: unknown): string | undefined {
  return error instanceof Error ? /CKR_[A-Z0-9_]+/.exec(error.message)?.[0] : undefined;
}

/** Whether a new connection may help. */
export function isLost(error: unknown): boolean {
  return lost.has(returned(error) ?? '');
}

/** An error of the library as one of ours. */
export function pkcs11Error(error: unknown, keyId: string | undefined): unknown {
  const name = returned(error);
  if (error instanceof SignerError || name === undefined) return error;
  return refuse(reasons[name] ?? 'unknown', name, { cause: error, retryable: reasons[name] === 'unavailable' }, keyId);
}

/** An error of this provider. */
export function refuse(
  reason: SignerErrorReason,
  message: string,
  { cause, retryable = false }: { readonly cause?: unknown; readonly retryable?: boolean } = {},
  keyId?: string,
): SignerError {
  return new SignerError(
    `PKCS#11: ${message}`,
    { reason, retryable, provider: 'pkcs11', ...defined({ keyId }) },
    defined({ cause }),
  );
}
