export { describePublicKey } from './crypto/describe-key.js';
export { ecdsaFromDer, ecdsaToDer } from './crypto/ecdsa.js';
export { type PublicKey, parsePublicKey } from './crypto/public-key.js';
export type { SignatureAlgorithmOptions } from './crypto/signature-algorithm.js';
export { type SignatureScheme, type VerifyRawRequest, verifyRaw } from './crypto/verify-raw.js';
export { PkiError, type PkiErrorCode } from './errors.js';
export type {
  CertificateStatus,
  RevocationChecker,
  RevocationCheckOptions,
  RevocationEvidence,
  RevocationStatus,
} from './revocation/checker.js';
export type { Timestamper } from './timestamp/timestamper.js';
export type { Certificate, Extension, KeyUsageName, Name, NameAttribute } from './x509/certificate.js';
export { formatName, parseName } from './x509/name.js';
export {
  type ParseCertificateOptions,
  type ParseCertificatesOptions,
  parseCertificate,
  parseCertificates,
} from './x509/parse.js';
export { buildPath } from './x509/path/build.js';
export type { BuildPathOptions, PathOptions, PathProfile } from './x509/path/options.js';
export { validatePath } from './x509/path/validate.js';
export { encodePem, type PemBlock, parsePem } from './x509/pem.js';
export { uncheckableOf, verifyCertificateSignature } from './x509/verify.js';
export { type SignatureQuestion, verifySignatures } from './x509/verify-signatures.js';
