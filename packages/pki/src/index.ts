// Types of what the functions below take; their home is the package of the ports.
export { type AddressRules, isAllowedAddress } from '@notarykit/common';
export * from './core.js';
export { type CreateCsrOptions, codeSigningExtensions, createCsr } from './csr/create.js';
export { type Csr, parseCsr } from './csr/parse.js';
export { type CreateSelfSignedOptions, createSelfSigned } from './csr/self-signed.js';
export * from './keys/index.js';
export type { CertId } from './revocation/cert-id.js';
export {
  type CheckCrlOptions,
  type CrlPair,
  type CrlVerdict,
  checkCrl,
  combineCrlVerdicts,
} from './revocation/check-crl.js';
export { type CheckOcspOptions, checkOcsp, type OcspVerdict } from './revocation/check-ocsp.js';
export type { RevocationCheckerOptions } from './revocation/checker-options.js';
export { type ParseCrlOptions, parseCrl } from './revocation/crl.js';
export { type CrlBundle, decodeCrlBundle, encodeCrlBundle } from './revocation/crl-bundle.js';
export type { Crl } from './revocation/crl-document.js';
export { type CrlEntry, findCrlEntries } from './revocation/crl-entries.js';
export type { FreshnessOptions } from './revocation/freshness.js';
export { createRevocationChecker } from './revocation/http-checker.js';
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
export { createHttpTimestamper, type HttpTimestamperOptions } from './timestamp/http-timestamper.js';
export * from './timestamp/index.js';
export { buildTimestampRequest, type TimestampRequest } from './timestamp/request.js';
export { openTimestampResponse, type TimestampResponseOptions } from './timestamp/response.js';
export { encodeName } from './x509/encode-name.js';
