export { type CheckedExecutable, checkExecutable } from './node/check-executable.js';
export { type CloseServer, type ClosingTimes, closingServer } from './node/closing-server.js';
export { type DirectoryCacheOptions, directoryCache } from './node/files/directory-cache.js';
export { type FolderFileSystem, makeFolder, syncFolder } from './node/files/durable.js';
export { acquireFileLock, type FileLock, type FileLockOptions, withFileLock } from './node/files/file-lock.js';
export { FileLockError, type FileLockErrorCode } from './node/files/lock-error.js';
export type { LockFileSystem } from './node/files/lock-file.js';
export { type ReadSmallOptions, readSmall } from './node/files/read-small.js';
export { type SweepFileSystem, sweepTemporaries, temporaryName } from './node/files/temporary.js';
export { type WriteWholeOptions, writeWhole } from './node/files/write-whole.js';
export { type NotationPathOptions, type NotationPaths, notationPaths } from './node/notation-paths.js';
export { type PluginMetadata, pluginContractVersion } from './node/plugin/metadata.js';
export {
  type InstalledPlugin,
  openPlugin,
  type PluginCall,
  type PluginLocation,
  type PluginProcessOptions,
  pluginSecrets,
} from './node/plugin/open-plugin.js';
export {
  PluginError,
  type PluginErrorCode,
  type PluginErrorDetail,
  type PluginFailureCode,
  pluginErrorCodes,
} from './node/plugin/plugin-error.js';
export { redact } from './node/plugin/redact.js';
export {
  ProcessError,
  type ProcessErrorCode,
  type ProcessResult,
  type RunProcessOptions,
  runProcess,
} from './node/run-process.js';
