import { describeKind } from '@notarykit/common/internal';
import { NotaryKitError } from './errors.js';

/**
 * Callers without types may leave an argument out: they learn its name, not that of a member that is missing inside.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT` where it is missing
 */
export function checkArgument(name: string, found: unknown, expected = 'an object'): void {
  if (typeof found !== 'object' || found === null) throw unfit(name, expected, found);
}

/** An argument that is not what a verb can work with. */
export function unfit(name: string, expected: string, found: unknown): NotaryKitError {
  return new NotaryKitError('ERR_NOTARYKIT_ARGUMENT', `${name}: expected ${expected}, found ${describeKind(found)}`);
}
