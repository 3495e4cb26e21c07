export { type CheckedExecutable, checkExecutable } from './node/check-executable.js';
export {
  ProcessError,
  type ProcessErrorCode,
  type ProcessResult,
  type RunProcessOptions,
  runProcess,
} from './node/run-process.js';
