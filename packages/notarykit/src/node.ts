export { verifyBundleFile, writeBundle } from './node/bundle-file.js';
export { type LoadNotationTrustOptions, loadNotationTrust } from './node/notation-trust.js';
