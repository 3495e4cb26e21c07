export { type AuditRecordFile, auditRecordFile, readAuditRecord } from './node/audit-record-file.js';
export { verifyBundleFile, writeBundle } from './node/bundle-file.js';
export { type LoadNotationTrustOptions, loadNotationTrust } from './node/notation-trust.js';
export { diagnosticsObserver, type SpanLike, spanObserver, type TracerLike } from './node/observers.js';
