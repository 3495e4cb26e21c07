import { CodedError, type Logger } from '@notarykit/common/internal';
import { helpOf } from 'notarykit/internal';
import { AdmissionError } from '../errors.js';
import type { PlainAnswer, PlainRequest } from '../http/plain.js';
import type { Metrics } from '../metrics/metrics.js';

/** The answer to an invalid request. `help` is the address of a page about the code. */
export interface ServiceFailure {
  readonly error: { readonly code: string; readonly message: string; readonly help?: string | undefined };
}

/** Status by code; any other error is the server's own. */
export const failureStatuses: Readonly<Record<string, number>> = {
  ERR_ADMISSION_REQUEST: 400,
  ERR_ADMISSION_UNAUTHORIZED: 401,
  ERR_ADMISSION_NOT_FOUND: 404,
  ERR_ADMISSION_METHOD: 405,
  ERR_ADMISSION_TIMEOUT: 408,
  ERR_ADMISSION_TOO_LARGE: 413,
  ERR_ADMISSION_BUSY: 503,
};

/** The answer for an error: our own words, never a cause, and of an error that is not ours nothing at all. */
export function failure(error: unknown, metrics: Metrics, logger: Logger | undefined): PlainAnswer {
  const said = isAnswerable(error) ? error : internal();
  const { code, message } = said;
  metrics.count('notarykit_service_failures', { code });
  logger?.warn?.('verification request refused', { code });
  const given: ServiceFailure = { error: { code, message, help: helpOf(said) } };
  return { ...jsonAnswer(failureStatuses[code] ?? 500, given), ...headersFor(error, code) };
}

function isAnswerable(error: unknown): error is CodedError {
  return error instanceof CodedError && Object.hasOwn(failureStatuses, error.code);
}

function internal(): AdmissionError {
  return new AdmissionError('ERR_ADMISSION_INTERNAL', 'the request could not be answered');
}

function headersFor(error: unknown, code: string): Pick<PlainAnswer, 'headers'> {
  if (code === 'ERR_ADMISSION_UNAUTHORIZED') return { headers: { 'www-authenticate': 'Bearer' } };
  if (code === 'ERR_ADMISSION_BUSY') return { headers: { 'retry-after': '1' } };
  if (error instanceof MethodError) return { headers: { allow: error.allowed } };
  return {};
}

class MethodError extends AdmissionError {
  readonly allowed: string;

  constructor(allowed: string) {
    super('ERR_ADMISSION_METHOD', `expected ${allowed}`);
    this.allowed = allowed;
  }
}

/** @throws {AdmissionError} `ERR_ADMISSION_METHOD` */
export function checkMethod({ method }: PlainRequest, allowed: 'GET' | 'POST'): void {
  if (method !== allowed) throw new MethodError(allowed);
}

/** A JSON answer. */
export function jsonAnswer(status: number, value: object): PlainAnswer {
  return { status, contentType: 'application/json', body: JSON.stringify(value) };
}
