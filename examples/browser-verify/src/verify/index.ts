export type { Answer } from './answer.js';
export { type ExplanationNode, explanationOf, headlineOf, stateText } from './explanation.js';
export { type TrustTexts, verifyArtifact } from './verify-artifact.js';
export { type SignatureFile, verifyFile } from './verify-file.js';
