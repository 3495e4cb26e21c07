export {
  type ClosingTimes,
  FileLockError,
  type FileLockErrorCode,
  type NotationPathOptions,
  type NotationPaths,
  PluginError,
  type PluginErrorCode,
  type PluginLocation,
  type PluginProcessOptions,
  ProcessError,
  type ProcessErrorCode,
} from './internal/node.js';
