import type { Reference, Repository, TagLister } from '@notarykit/oci';
import { createRegistry, type RegistryEndpoint } from '@notarykit/registry-client';
import { dockerCredentials, type MirrorConfiguration, openMirrored } from '@notarykit/registry-client/node';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import type { Network } from './network.js';

/** What a reference names in a registry. */
export type Place = Reference;

/** How the registry of a place is reached. */
export interface EndpointOptions {
  readonly plainHttp: boolean;
  readonly network: Network;
}

/** The registry of a place, with the account that docker or podman knows for the repository. */
export async function openEndpoint(
  { registry, repository }: Place,
  { plainHttp, network }: EndpointOptions,
): Promise<RegistryEndpoint> {
  return createRegistry({
    registry,
    credentials: dockerCredentials({ repository }),
    ...((await isPlain(registry, plainHttp)) ? { plainHttp: true } : {}),
    connection: network,
  });
}

async function isPlain(registry: string, plainHttp: boolean): Promise<boolean> {
  const settings = await notationConfiguration().settings();
  return plainHttp || settings.insecureRegistries.includes(registry.toLowerCase());
}

/** The repository of a place through the mirrors of a configuration, each with the account that docker or podman knows for it. */
export async function openThroughMirrors(
  { registry, repository }: Place,
  configuration: MirrorConfiguration,
  { plainHttp, network }: EndpointOptions,
): Promise<Repository & TagLister> {
  const configured = withPlainHttp(configuration, await isPlain(registry, plainHttp));
  return await openMirrored(`${registry}/${repository}`, configured, {
    credentials: (place) => dockerCredentials({ repository: place.repository }),
    allowInsecure: plainHttp,
    endpoint: { connection: network },
  });
}

/** Where the files say nothing of it, the registry itself is spoken to as without them. */
function withPlainHttp(configuration: MirrorConfiguration, plain: boolean): MirrorConfiguration {
  if (!plain) return configuration;
  return {
    async sourcesOf(name) {
      const { origin, mirrors } = await configuration.sourcesOf(name);
      return { origin: { plainHttp: 'required', ...origin }, mirrors };
    },
  };
}

/**
 * Whether two places are in one registry and under one account: podman's files know accounts of single namespaces. A helper that
 * fails is no answer; it fails again, and is heard, once the registry asks for the account.
 */
export async function isOneAccount(one: Place, other: Place): Promise<boolean> {
  if (one.registry !== other.registry) return false;
  if (one.repository === other.repository) return true;
  try {
    const [first, second] = await Promise.all([accountOf(one), accountOf(other)]);
    return first === second;
  } catch {
    return false;
  }
}

async function accountOf({ registry, repository }: Place): Promise<string> {
  return JSON.stringify((await dockerCredentials({ repository }).get({ registry })) ?? 'anonymous');
}
