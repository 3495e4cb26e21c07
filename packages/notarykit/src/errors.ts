import { CodedError } from '@notarykit/common/internal';

/** Codes of {@link NotaryKitError}. */
export type NotaryKitErrorCode =
  | 'ERR_NOTARYKIT_ARGUMENT'
  | 'ERR_NOTARYKIT_AUDIT'
  | 'ERR_NOTARYKIT_RECORD'
  | 'ERR_NOTARYKIT_REFERENCE'
  | 'ERR_NOTARYKIT_PLATFORMS'
  | 'ERR_NOTARYKIT_DOCKERFILE'
  | 'ERR_NOTARYKIT_BASE_IMAGE'
  | 'ERR_NOTARYKIT_PUBLISH'
  | 'ERR_NOTARYKIT_PROMOTE'
  | 'ERR_NOTARYKIT_BUNDLE'
  | 'ERR_NOTARYKIT_FILE';

/** A verb could not do its work; what the packages below say is its `cause`. */
export class NotaryKitError<Detail = unknown> extends CodedError<NotaryKitErrorCode, Detail> {}
