import type { MirrorConfiguration } from './pull-sources.js';
import { pulledName } from './pulled-name.js';
import { parseRegistries, type RegistryEntry } from './registries-document.js';
import { type RegistriesConfOptions, registriesFiles } from './registries-files.js';
import { sourcesIn } from './registries-match.js';

export type { RegistriesConfOptions } from './registries-files.js';

/**
 * The mirrors that podman, buildah, skopeo and CRI-O use: `registries.conf` of version 2 with its drop-in files, from the places where
 * these programs look. Only `[[registry]]` and `[[registry.mirror]]` are read, not short names, their aliases and `credential-helpers`.
 *
 * Differences, each on the strict side: hosts are compared without case; a misspelt member is an error; a
 * mirror that only serves tags is not asked, since the origin resolves tags; certificates are always checked, and `insecure` only allows
 * plain http, where the caller allows it as well (`allowInsecure` of `openMirrored`).
 *
 * @see https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
 *
 * @example
 * ```ts
 * const repository = await openMirrored('registry.example.com/net-monitor', registriesConf());
 * ```
 */
export function registriesConf(options: RegistriesConfOptions = {}): MirrorConfiguration {
  return {
    async sourcesOf(repository) {
      const name = pulledName(repository);
      const entries = new Map<string, RegistryEntry>();
      for (const { path, text } of await registriesFiles(options))
        for (const [prefix, entry] of await parseRegistries(text, path)) entries.set(prefix, entry);
      return sourcesIn([...entries.values()], name);
    },
  };
}
