import type { Reference, Repository, TagLister } from '@notarykit/oci';
import { createRegistry, type RegistryEndpoint } from '@notarykit/registry-client';
import {
  dockerCredentials,
  type MirrorConfiguration,
  openMirrored,
  type PullSource,
} from '@notarykit/registry-client/node';
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
    ...((await plainRegistries(plainHttp))({ registry }) ? { plainHttp: true } : {}),
    connection: network,
  });
}

/** Which registries may be asked over plain http: all by the option, else those that notation's configuration lists. */
async function plainRegistries(plainHttp: boolean): Promise<(place: Pick<PullSource, 'registry'>) => boolean> {
  const { insecureRegistries } = await notationConfiguration().settings();
  return ({ registry }) => plainHttp || insecureRegistries.includes(registry.toLowerCase());
}

/** The repository of a place through the mirrors of a configuration, each with the account that docker or podman knows for it. */
export async function openThroughMirrors(
  { registry, repository }: Place,
  configuration: MirrorConfiguration,
  { plainHttp, network }: EndpointOptions,
): Promise<Repository & TagLister> {
  const allowInsecure = await plainRegistries(plainHttp);
  return await openMirrored(`${registry}/${repository}`, withPlainHttp(configuration, allowInsecure), {
    credentials: (place) => dockerCredentials({ repository: place.repository }),
    allowInsecure,
    endpoint: { connection: network },
  });
}

/** Where the files say nothing of plain http, the place that answers for the registry is asked as without them. */
function withPlainHttp(
  configuration: MirrorConfiguration,
  isPlain: (place: PullSource) => boolean,
): MirrorConfiguration {
  return {
    async sourcesOf(name) {
      const { origin, mirrors } = await configuration.sourcesOf(name);
      return { origin: isPlain(origin) ? { plainHttp: 'required', ...origin } : origin, mirrors };
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
