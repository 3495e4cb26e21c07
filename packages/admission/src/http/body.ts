import { type Bytes, isTimeout, LimitError, readBytes } from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';

/** Most bytes of a request: two objects of three megabytes each, and the envelope around them. */
export const maxBodySize: number = 7 * 1024 * 1024;

/**
 * The body of a request, bounded.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_TOO_LARGE`, `ERR_ADMISSION_TIMEOUT`, `ERR_ADMISSION_REQUEST`
 */
export async function readBody(request: Request, limit: number, signal: AbortSignal): Promise<Bytes> {
  if (request.body === null) throw new AdmissionError('ERR_ADMISSION_REQUEST', 'expected a JSON body, found none');
  try {
    return await readBytes(request.body, { limit, signal });
  } catch (cause) {
    throw bodyError(cause, limit);
  }
}

/** Why a body could not be read. */
export function bodyError(cause: unknown, limit: number): AdmissionError {
  if (cause instanceof LimitError)
    return new AdmissionError('ERR_ADMISSION_TOO_LARGE', `expected at most ${limit} bytes`, { cause });
  if (isTimeout(cause)) return new AdmissionError('ERR_ADMISSION_TIMEOUT', 'the body did not come in time', { cause });
  return new AdmissionError('ERR_ADMISSION_REQUEST', 'the request ended before its body', { cause });
}

/** A JSON answer. */
export function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}
