import { PkiError } from '../errors.js';

/** How many iterations the key derivations of one file may take together: files are small, and each may ask for many. */
export interface Budget {
  /** Takes iterations before they are done. @throws {PkiError} `ERR_PKI_LIMIT` when there are not so many left */
  take(iterations: number): void;
}

/** A budget of so many iterations. @throws {PkiError} `ERR_PKI_LIMIT` for what is not a number above 0 */
export function createBudget(most: number): Budget {
  if (typeof most !== 'number' || !(most > 0))
    throw new PkiError('ERR_PKI_LIMIT', `maxIterations: expected a number above 0, found ${String(most)}`);
  let taken = 0;
  return {
    take(iterations) {
      taken += iterations;
      if (taken > most)
        throw new PkiError(
          'ERR_PKI_LIMIT',
          `expected at most ${most} iterations over all key derivations of a file, found ${taken} or more`,
        );
    },
  };
}
