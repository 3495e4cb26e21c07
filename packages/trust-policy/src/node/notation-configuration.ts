import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@notarykit/common/internal';
import { type NotationPathOptions, type NotationPaths, notationPaths } from '@notarykit/common/internal/node';
import { parseBlobTrustPolicy } from '../document/parse.js';
import type { BlobTrustPolicy, TrustPolicy } from '../document/policy.js';
import { parseAnyTrustPolicy } from '../extended/parse-any.js';
import type { ExtendedTrustPolicy } from '../extended/policy.js';
import type { VerificationPlugin } from '../plugins/plugin.js';
import type { AnchorOptions } from '../trust-store/check-anchors.js';
import { isTrustStoreName, type TrustStore } from '../trust-store.js';
import { directoryTrustStore } from './directory-trust-store.js';
import { type ExecutablePluginOptions, executablePlugin } from './executable-plugin.js';
import {
  type NotationSettings,
  readOptional,
  readSettings,
  readSigningKeys,
  refuseConfiguration,
  type SigningKeys,
} from './settings.js';

/** Options of {@link notationConfiguration}. */
export interface NotationConfigurationOptions extends NotationPathOptions, AnchorOptions {
  /** Is warned of a trust store that others can write, and of certificates that were set aside. */
  readonly logger?: Logger;
}

/** What a machine that is set up for `notation` has. Files are read when they are asked for. */
export interface NotationConfiguration {
  readonly paths: NotationPaths;
  readonly trustStore: TrustStore;
  /** `config.json`; the defaults when there is none. */
  settings(): Promise<NotationSettings>;
  /** `signingkeys.json`; no keys when there is none. */
  signingKeys(): Promise<SigningKeys>;
  /** `trustpolicy.oci.json`, else `trustpolicy.json`: a plain document, or an extended one, which `notation` itself refuses. */
  trustPolicy(): Promise<TrustPolicy | ExtendedTrustPolicy>;
  /** `trustpolicy.blob.json`. */
  blobTrustPolicy(): Promise<BlobTrustPolicy>;
  /** The installed plugins, ready to be registered with a verification: only a signature that names one reaches it. */
  plugins(options?: ExecutablePluginOptions): Promise<readonly VerificationPlugin[]>;
}

/**
 * The configuration of an installed `notation`, on Linux, macOS and Windows. Nothing is read before a member is called; each rejects
 * with a `TrustError`: `ERR_TRUST_POLICY` for a policy that is missing or invalid, `ERR_TRUST_STORE` for a store.
 *
 * @example
 * ```ts
 * const notation = notationConfiguration();
 * const policy = await notation.trustPolicy();
 * await verify(repository, 'v1', { policy, trustStore: notation.trustStore, revocation });
 * ```
 */
export function notationConfiguration(options: NotationConfigurationOptions = {}): NotationConfiguration {
  const paths = notationPaths(options);
  const file = (name: string): string => join(paths.config, name);
  return {
    paths,
    trustStore: directoryTrustStore(paths.trustStore, options),
    settings: () => readSettings(file('config.json')),
    signingKeys: () => readSigningKeys(file('signingkeys.json')),
    // A newer file that is malformed never falls back to the older one.
    trustPolicy: async () =>
      parseAnyTrustPolicy(await readPolicy([file('trustpolicy.oci.json'), file('trustpolicy.json')])),
    blobTrustPolicy: async () => parseBlobTrustPolicy(await readPolicy([file('trustpolicy.blob.json')])),
    plugins: (plugin = {}) => installedPlugins(paths.plugins, plugin),
  };
}

async function readPolicy(paths: readonly string[]): Promise<Uint8Array> {
  for (const path of paths) {
    const bytes = await readOptional(path);
    if (bytes !== undefined) return bytes;
  }
  return refuseConfiguration(paths[0] as string, 'there is no trust policy; create one, or import one with notation');
}

async function installedPlugins(
  directory: string,
  options: ExecutablePluginOptions,
): Promise<readonly VerificationPlugin[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && isTrustStoreName(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((name) => executablePlugin(directory, name, options));
}
