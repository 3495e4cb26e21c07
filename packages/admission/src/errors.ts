import { CodedError } from '@notarykit/common/internal';

/** Codes of {@link AdmissionError}. */
export type AdmissionErrorCode =
  | 'ERR_ADMISSION_REQUEST'
  | 'ERR_ADMISSION_TOO_LARGE'
  | 'ERR_ADMISSION_TIMEOUT'
  | 'ERR_ADMISSION_UNAUTHORIZED'
  | 'ERR_ADMISSION_NOT_FOUND'
  | 'ERR_ADMISSION_METHOD'
  | 'ERR_ADMISSION_BUSY'
  | 'ERR_ADMISSION_INTERNAL'
  | 'ERR_ADMISSION_CONFIG'
  | 'ERR_ADMISSION_REGISTRY';

/** A request that cannot be answered, or a configuration that cannot work. */
export class AdmissionError extends CodedError<AdmissionErrorCode> {}
