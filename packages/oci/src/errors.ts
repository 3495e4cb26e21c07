import { CodedError, isCodedError } from '@notarykit/common/internal';

/** Codes of {@link OciError}. */
export type OciErrorCode =
  | 'ERR_OCI_INVALID'
  | 'ERR_OCI_DIGEST_MISMATCH'
  | 'ERR_OCI_SIZE_MISMATCH'
  | 'ERR_OCI_TOO_LARGE'
  | 'ERR_OCI_NOT_FOUND'
  | 'ERR_OCI_PATH'
  | 'ERR_OCI_LIMIT'
  | 'ERR_OCI_UNSUPPORTED'
  | 'ERR_OCI_CONFLICT';

/** A document, name or content breaks the OCI specifications, or is not there. */
export class OciError extends CodedError<OciErrorCode> {}

/** Whether an error says that content, a tag or a repository is not there, from any implementation of the ports. */
export function isNotFound(error: unknown): boolean {
  return isCodedError(error) && error.code === 'ERR_OCI_NOT_FOUND';
}
