import { CodedError } from '@notarykit/common';

/** Codes of {@link AdmissionError}. */
export type AdmissionErrorCode =
  | 'ERR_ADMISSION_REQUEST'
  | 'ERR_ADMISSION_TOO_LARGE'
  | 'ERR_ADMISSION_TIMEOUT'
  | 'ERR_ADMISSION_CONFIG'
  | 'ERR_ADMISSION_REGISTRY';

/** A request that is no admission review, or a configuration that cannot work. */
export class AdmissionError extends CodedError<AdmissionErrorCode> {}
