import { PkiError } from '../errors.js';

/** Refuses a timestamp that is not as expected. @throws {PkiError} `ERR_PKI_TIMESTAMP` */
export function refuse(message: string): never {
  throw new PkiError('ERR_PKI_TIMESTAMP', `expected ${message}`);
}
