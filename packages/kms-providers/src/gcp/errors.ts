import { isJsonObject, type JsonObject, parseJson } from '@notarykit/common/internal';
import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope/internal';
import { isNetworkFailure, isUnreadable } from '../remote/network.js';
import { retryInfoMs } from './retry-info.js';

/** gRPC status numbers (google.rpc.Code). */
const reasons: Readonly<Record<number, SignerErrorReason>> = {
  3: 'wrong-key-usage',
  4: 'timeout',
  5: 'key-not-found',
  7: 'access-denied',
  8: 'throttled',
  9: 'key-disabled',
  13: 'unavailable',
  14: 'unavailable',
  16: 'unauthenticated',
};

/** gRPC numbers by the name that is in an answer over REST. */
const byStatus: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
};

/** gRPC numbers by HTTP status, for answers that come from a proxy and say no more. */
const byHttp: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  408: 4,
  429: 8,
  500: 14,
  502: 14,
  503: 14,
  504: 4,
};

/** The gRPC number of an answer over REST: HTTP 400 alone stands for several. */
export function grpcCodeOf(httpStatus: number, status: unknown): number | undefined {
  return typeof status === 'string' && Object.hasOwn(byStatus, status) ? byStatus[status] : byHttp[httpStatus];
}

/** An error of the Google SDK as one of ours; an abort stays what it is. */
export function gcpError(error: unknown, keyId: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof SignerError) return error;
  const { code, message } = fieldsOf(error);
  const said = answerIn(message);
  const text = typeof said['message'] === 'string' ? said['message'] : message;
  const reason = /could not load the default credentials/i.test(message)
    ? 'unauthenticated'
    : reasonOf(error, code, said['status']);
  const {
    retryAfterMs = retryInfoMs((error as { statusDetails?: unknown } | null)?.statusDetails ?? said['details']),
  } = (error ?? {}) as { retryAfterMs?: unknown };
  const asked = typeof retryAfterMs === 'number' ? { retryAfterMs } : {};
  const detail = { reason, provider: 'gcp-kms', keyId, ...asked };
  return new SignerError(`Google Cloud KMS: ${text}`, detail, { cause: error });
}

/** Whatever was thrown, also what is not an error. */
function fieldsOf(error: unknown): { readonly code?: unknown; readonly message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return { code, message: typeof message === 'string' ? message : String(error) };
}

/** Over REST the SDK gives the HTTP status for a code, and the whole answer for a message. */
function answerIn(message: string): JsonObject {
  try {
    const answer = parseJson(message);
    return isJsonObject(answer) && isJsonObject(answer['error']) ? answer['error'] : {};
  } catch {
    return {};
  }
}

function reasonOf(error: unknown, code: unknown, status: unknown): SignerErrorReason {
  if (isNetworkFailure(code)) return 'unavailable';
  if (typeof code !== 'number') return isUnreadable(error) ? 'unavailable' : 'unknown';
  return reasons[code < 100 ? code : (grpcCodeOf(code, status) ?? 2)] ?? 'unknown';
}
