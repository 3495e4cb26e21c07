import { CodedError } from '@notarykit/common';

/** Codes of {@link ActionError}. */
export type ActionErrorCode =
  /** An input is missing, malformed, or has no effect. */
  | 'ERR_ACTION_INPUT'
  /** GitHub issued no identity token, or a cloud did not accept it. */
  | 'ERR_ACTION_IDENTITY';

/** The workflow has to be changed; the message says how. */
export class ActionError extends CodedError<ActionErrorCode> {}

/** An input that cannot be used. */
export function inputError(name: string, message: string, cause?: unknown): ActionError {
  return new ActionError('ERR_ACTION_INPUT', `input "${name}": ${message}`, cause === undefined ? {} : { cause });
}
