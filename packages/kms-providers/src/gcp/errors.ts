import { SignerError, type SignerErrorReason } from '@notarykit/signature-envelope';

/** gRPC status numbers (google.rpc.Code), which the SDK gives over both of its transports. */
const reasons: Readonly<Record<number, SignerErrorReason>> = {
  3: 'wrong-key-usage',
  4: 'timeout',
  5: 'key-not-found',
  7: 'access-denied',
  8: 'throttled',
  9: 'key-disabled',
  14: 'unavailable',
  16: 'unauthenticated',
};

/** HTTP status by gRPC number, for the REST client. */
export const grpcOfHttp: Readonly<Record<number, number>> = {
  400: 9,
  401: 16,
  403: 7,
  404: 5,
  429: 8,
  500: 14,
  502: 14,
  503: 14,
  504: 4,
};

/** An error of the Google SDK as one of ours; an abort stays what it is. */
export function gcpError(error: unknown, keyId: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof SignerError) return error;
  const { code, message = '' } = error as { code?: unknown; message?: string };
  const missing = /could not load the default credentials/i.test(message);
  const offline = typeof code === 'string' && /^(ECONN|ENOTFOUND|EAI_|EPIPE)/.test(code);
  const known = typeof code === 'number' ? (reasons[code] ?? 'unknown') : offline ? 'unavailable' : 'unknown';
  const reason = missing ? 'unauthenticated' : known;
  return new SignerError(`Google Cloud KMS: ${message}`, { reason, provider: 'gcp-kms', keyId }, { cause: error });
}
