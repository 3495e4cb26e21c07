// What a page loads that has an envelope and its artifact, and a plain policy.
export { memoryTrustStore, parseTrustPolicy, selectStatement, verifySignature } from '@notarykit/trust-policy';
