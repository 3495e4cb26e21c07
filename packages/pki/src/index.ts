export { PkiError, type PkiErrorCode } from './errors.js';
export type {
  CertificateStatus,
  RevocationChecker,
  RevocationCheckOptions,
  RevocationEvidence,
  RevocationStatus,
} from './revocation/checker.js';
export type { Timestamper } from './timestamp/timestamper.js';
export type { Certificate, Extension, KeyUsageName, Name, NameAttribute, PublicKey } from './x509/certificate.js';
