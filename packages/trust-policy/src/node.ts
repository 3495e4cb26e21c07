export { directoryTrustStore } from './node/directory-trust-store.js';
export { type NotationPathOptions, type NotationPaths, notationPaths } from './node/paths.js';
