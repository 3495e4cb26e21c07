// The type of what the functions below return; its home is the package of the ports.
export type { LayoutRepository } from '@notarykit/oci/internal';
export {
  type AccountPlace,
  type AccountStore,
  type AccountStoreOptions,
  dockerAccountStore,
} from './node/credentials/account-store.js';
export { type DockerCredentialsOptions, dockerCredentials } from './node/credentials/docker-credentials.js';
export type { FileSystem } from './node/layout/file-system.js';
export { type OpenLayoutOptions, openLayout } from './node/layout/open-layout.js';
export { type LayoutTar, openLayoutTar } from './node/layout/open-layout-tar.js';
export { type HostsTomlOptions, hostsToml } from './node/mirrors/hosts-toml.js';
export { type OpenMirroredOptions, openMirrored } from './node/mirrors/open-mirrored.js';
export type { MirrorConfiguration, PullSource } from './node/mirrors/pull-sources.js';
export { type RegistriesConfOptions, registriesConf } from './node/mirrors/registries-conf.js';
export { publicLookup } from './node/public-lookup.js';
