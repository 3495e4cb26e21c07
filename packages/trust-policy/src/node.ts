export { notationPaths } from '@notarykit/common/internal/node';
export { type DirectoryTrustStoreOptions, directoryTrustStore } from './node/directory-trust-store.js';
export { type ExecutablePluginOptions, executablePlugin } from './node/executable-plugin.js';
export {
  type NotationConfiguration,
  type NotationConfigurationOptions,
  notationConfiguration,
} from './node/notation-configuration.js';
export type { SigningKey } from './node/settings.js';
