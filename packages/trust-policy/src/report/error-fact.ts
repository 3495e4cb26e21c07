import { isCodedError } from '@notarykit/common/internal';

/** Code and message of anything that was thrown: an adapter of others may throw what it likes. */
export function errorFact(error: unknown): { readonly code: string; readonly message: string } {
  if (isCodedError(error)) return { code: error.code, message: error.message };
  return { code: 'ERR_UNKNOWN', message: error instanceof Error ? error.message : String(error) };
}
