export { type LoadNotationTrustOptions, loadNotationTrust } from './node/notation-trust.js';
