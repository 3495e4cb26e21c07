import { defined } from '@notarykit/common/internal';
import { NotaryKitError } from '../errors.js';

/** An error that names its line. */
export function dockerfileError(line: number, message: string, cause?: unknown): NotaryKitError {
  return new NotaryKitError('ERR_NOTARYKIT_DOCKERFILE', `Dockerfile line ${line}: ${message}`, {
    detail: { line },
    ...defined({ cause }),
  });
}
