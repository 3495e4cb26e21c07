import { CodedError } from '@notarykit/common/internal';

/** Codes of {@link VerifierError}. */
export type VerifierErrorCode = 'ERR_VERIFIER_REQUEST' | 'ERR_VERIFIER_SETTINGS';

/** The request of containerd or a file in the folder of settings cannot be read: the image is refused. */
export class VerifierError extends CodedError<VerifierErrorCode> {}
