import { CodedError } from '@notarykit/common';

/** Codes of {@link VerifierError}. */
export type VerifierErrorCode = 'ERR_VERIFIER_REQUEST' | 'ERR_VERIFIER_SETTINGS';

/** What containerd asks, or what the folder of settings says, cannot be read: the image is refused. */
export class VerifierError extends CodedError<VerifierErrorCode> {}
