export type { Answer, Subject } from './answer.js';
export { type ExplanationNode, explanationOf, headlineOf, stateText } from './explanation.js';
export { storesOf, type TrustTexts } from './trust.js';
export { verifyArtifact } from './verify-artifact.js';
export { verifyBundleFile } from './verify-bundle.js';
export { type NamedFile, verifyFile } from './verify-file.js';
