import { isCodedError } from '@notarykit/common/internal';
import { documentedCodes, site } from './pages.js';

/**
 * The address of the page that says what an error means and what to do. It follows from the code alone, also for an error of another
 * copy of a package.
 *
 * @param error - the error, or its code as results of verdicts carry it
 * @returns undefined for every error that has no page, such as one of Node or of your own code
 *
 * @example
 * ```ts
 * console.error(error.message, helpOf(error)); // … https://example.com/notarykit/errors/ERR_TRUST_STORE
 * ```
 */
export function helpOf(error: unknown): string | undefined {
  const code = isCodedError(error) ? error.code : error;
  return typeof code === 'string' && documentedCodes.has(code) ? `${site}errors/${code}` : undefined;
}
