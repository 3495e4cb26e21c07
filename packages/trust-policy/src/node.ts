export { type NotationPathOptions, type NotationPaths, notationPaths } from '@notarykit/common/node';
export { type DirectoryTrustStoreOptions, directoryTrustStore } from './node/directory-trust-store.js';
export { type ExecutablePluginOptions, executablePlugin } from './node/executable-plugin.js';
export {
  type NotationConfiguration,
  type NotationConfigurationOptions,
  notationConfiguration,
} from './node/notation-configuration.js';
export type { NotationSettings, SigningKey, SigningKeys } from './node/settings.js';
export { isAtLeast as isAtLeastVersion, isVersion } from './plugins/version.js';
