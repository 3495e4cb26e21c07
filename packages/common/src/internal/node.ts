// What the packages of this repository use of this one. No promise: names come, change and go in any release.
export { checkExecutable } from '../node/check-executable.js';
export { type ClosingTimes, closingServer } from '../node/closing-server.js';
export { directoryCache } from '../node/files/directory-cache.js';
export { makeFolder, syncFolder } from '../node/files/durable.js';
export { acquireFileLock, type FileLock, withFileLock } from '../node/files/file-lock.js';
export { FileLockError, type FileLockErrorCode } from '../node/files/lock-error.js';
export { readSmall } from '../node/files/read-small.js';
export { sweepTemporaries, temporaryName } from '../node/files/temporary.js';
export { writeWhole } from '../node/files/write-whole.js';
export { type NotationPathOptions, type NotationPaths, notationPaths } from '../node/notation-paths.js';
export { type PluginMetadata, pluginContractVersion } from '../node/plugin/metadata.js';
export {
  type InstalledPlugin,
  openPlugin,
  type PluginLocation,
  type PluginProcessOptions,
  pluginSecrets,
} from '../node/plugin/open-plugin.js';
export {
  PluginError,
  type PluginErrorCode,
  type PluginErrorDetail,
  type PluginFailureCode,
} from '../node/plugin/plugin-error.js';
export { redact } from '../node/plugin/redact.js';
export { ProcessError, type ProcessErrorCode, type ProcessResult, runProcess } from '../node/run-process.js';
