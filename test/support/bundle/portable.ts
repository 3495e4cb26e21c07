/** What verifies a bundle, for runtimes that are not Node. */
export { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
export { verifyBundle } from 'notarykit';
