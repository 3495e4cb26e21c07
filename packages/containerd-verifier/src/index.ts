export { type VerifierAnswer, verifierExitCodes } from './answer.js';
export { VerifierError, type VerifierErrorCode } from './errors.js';
export { type KubeletCredentialsOptions, kubeletCredentials } from './kubelet/kubelet-credentials.js';
export { type RunVerifierOptions, runVerifier, usualFolder } from './run.js';
