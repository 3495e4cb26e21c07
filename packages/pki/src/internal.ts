// What the packages of this repository use of this one. No promise: names come, change and go in any release.
// Types of what the functions below take; their home is the package of the ports.
export type { AddressRules } from '@notarykit/common/internal';
export * from './core.js';
export { type CreateCsrOptions, createCsr } from './csr/create.js';
export { type Csr, parseCsr } from './csr/parse.js';
export { createSelfSigned } from './csr/self-signed.js';
export * from './keys/index.js';
export { type CrlPair, type CrlVerdict, checkCrl, combineCrlVerdicts } from './revocation/check-crl.js';
export { checkOcsp } from './revocation/check-ocsp.js';
export type { RevocationCheckerOptions } from './revocation/checker-options.js';
export { parseCrl } from './revocation/crl.js';
export { type CrlBundle, decodeCrlBundle, encodeCrlBundle } from './revocation/crl-bundle.js';
export type { Crl } from './revocation/crl-document.js';
export { findCrlEntries } from './revocation/crl-entries.js';
export { createRevocationChecker } from './revocation/http-checker.js';
export type { HttpSourceOptions } from './revocation/http-source.js';
export { encodeOcspRequest } from './revocation/ocsp-request.js';
export { parseOcspResponse } from './revocation/ocsp-response.js';
export type { RecordedAnswer } from './revocation/recorded.js';
export {
  type OfflineRevocationOptions,
  offlineRevocationChecker,
  recordingRevocationChecker,
} from './revocation/recorded-checker.js';
export { checkRevocationUrl } from './revocation/url-rules.js';
export { createHttpTimestamper, type HttpTimestamperOptions } from './timestamp/http-timestamper.js';
export * from './timestamp/index.js';
export { buildTimestampRequest } from './timestamp/request.js';
export { openTimestampResponse } from './timestamp/response.js';
export { encodeName } from './x509/encode-name.js';
