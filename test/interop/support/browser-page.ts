// What a page or worker of the runtime tests has at hand.
export { readBytes } from '@notarykit/common';
export { localSigner } from '@notarykit/kms-providers/local';
export { describe } from '@notarykit/oci';
export { createRevocationChecker, parseCertificates } from '@notarykit/pki';
export { createRegistry } from '@notarykit/registry-client';
export { memoryTrustStore, parseBlobTrustPolicy } from '@notarykit/trust-policy';
export { verifyBlob } from 'notarykit';
