import { PkiError } from '../errors.js';

/** Refuses an OCSP answer or a CRL. @throws {PkiError} `ERR_PKI_REVOCATION` */
export function refuse(message: string): never {
  throw new PkiError('ERR_PKI_REVOCATION', message);
}
