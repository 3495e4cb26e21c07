import { type VerificationRoutesOptions, webhookRegistry } from '@notarykit/admission/internal';
import type { RegistryEndpoint } from '@notarykit/registry-client';
import { publicLookup } from '@notarykit/registry-client/node';
import type { Arguments } from '../command.js';
import { openEndpoint } from '../endpoint.js';
import type { Network } from '../network.js';
import { readPlainHttp } from '../plain-http.js';

/** How a server reaches registries, whose names come from callers. */
export function servedRegistries(
  args: Arguments,
  network: Network,
): Pick<VerificationRoutesOptions, 'open' | 'literals'> {
  const onlyPublic = args.text('registry-addresses') !== 'any';
  const options = {
    plainHttp: readPlainHttp(args),
    network: { ...network, ...(onlyPublic ? { lookup: publicLookup } : {}) },
    client: webhookRegistry,
  };
  const endpoints = new Map<string, Promise<RegistryEndpoint>>();
  return {
    literals: onlyPublic ? 'public' : 'any',
    open: async (place) => {
      // podman's files know accounts of single repositories.
      const key = `${place.registry}/${place.repository}`;
      const endpoint = endpoints.get(key) ?? openEndpoint(place, options);
      // Names come from callers: only so many are kept.
      if (endpoints.size >= 100) endpoints.clear();
      endpoints.set(key, endpoint);
      try {
        return (await endpoint).repository(place.repository);
      } catch (error) {
        endpoints.delete(key);
        throw error;
      }
    },
  };
}
