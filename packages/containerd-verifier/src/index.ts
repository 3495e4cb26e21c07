export { type VerifierAnswer, verifierExitCodes } from './answer.js';
export { VerifierError, type VerifierErrorCode } from './errors.js';
export { type RunVerifierOptions, runVerifier, usualFolder } from './run.js';
