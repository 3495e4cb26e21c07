import type { Reference } from '@notarykit/oci';
import { createRegistry, type RegistryEndpoint } from '@notarykit/registry-client';
import { dockerCredentials } from '@notarykit/registry-client/node';
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
  const settings = await notationConfiguration().settings();
  const plain = plainHttp || settings.insecureRegistries.includes(registry.toLowerCase());
  return createRegistry({
    registry,
    credentials: dockerCredentials({ repository }),
    ...(plain ? { plainHttp: true } : {}),
    connection: network,
  });
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
