// Types of what the functions below take; their home is the package of the ports.
export { type AddressRules, isAllowedAddress } from '@notarykit/common';
export { describePublicKey } from './crypto/describe-key.js';
export { ecdsaFromDer, ecdsaToDer } from './crypto/ecdsa.js';
export { type PublicKey, parsePublicKey } from './crypto/public-key.js';
export type { SignatureAlgorithmOptions } from './crypto/signature-algorithm.js';
export { type SignatureScheme, type VerifyRawRequest, verifyRaw } from './crypto/verify-raw.js';
export { type CreateCsrOptions, codeSigningExtensions, createCsr } from './csr/create.js';
export { type Csr, parseCsr } from './csr/parse.js';
export { PkiError, type PkiErrorCode } from './errors.js';
export type { CertId } from './revocation/cert-id.js';
export {
  type CheckCrlOptions,
  type CrlPair,
  type CrlVerdict,
  checkCrl,
  combineCrlVerdicts,
} from './revocation/check-crl.js';
export { type CheckOcspOptions, checkOcsp, type OcspVerdict } from './revocation/check-ocsp.js';
export type {
  CertificateStatus,
  RevocationChecker,
  RevocationCheckOptions,
  RevocationEvidence,
  RevocationStatus,
} from './revocation/checker.js';
export { type Crl, type ParseCrlOptions, parseCrl } from './revocation/crl.js';
export { type CrlBundle, decodeCrlBundle, encodeCrlBundle } from './revocation/crl-bundle.js';
export { type CrlEntry, findCrlEntries } from './revocation/crl-entries.js';
export type { FreshnessOptions } from './revocation/freshness.js';
export { createRevocationChecker, type RevocationCheckerOptions } from './revocation/http-checker.js';
export type { HttpSourceOptions } from './revocation/http-source.js';
export type { IssuingDistributionPoint } from './revocation/issuing-distribution-point.js';
export { encodeOcspRequest, type OcspRequestOptions } from './revocation/ocsp-request.js';
export {
  type OcspResponse,
  type ParseOcspOptions,
  parseOcspResponse,
} from './revocation/ocsp-response.js';
export type { OcspSingleResponse } from './revocation/ocsp-single-response.js';
export type { RecordedAnswer } from './revocation/recorded.js';
export {
  type OfflineRevocationOptions,
  offlineRevocationChecker,
  recordingRevocationChecker,
} from './revocation/recorded-checker.js';
export { checkRevocationUrl } from './revocation/url-rules.js';
export type { Timestamper } from './timestamp/timestamper.js';
export type { Certificate, Extension, KeyUsageName, Name, NameAttribute } from './x509/certificate.js';
export { encodeName } from './x509/encode-name.js';
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
