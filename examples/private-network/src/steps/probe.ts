import { packArtifact } from '@notarykit/artifact-graph';
import { isCodedError } from '@notarykit/common';
import { vaultSigner } from '@notarykit/kms-providers/vault';
import { createRegistry } from '@notarykit/registry-client';
import { createTransport } from '@notarykit/transport';
import { verify } from 'notarykit';
import type { Setup } from './setup.js';

/** What must not work, with the code that it ends in. */
export async function probe({ open, network, trust, vault }: Setup): Promise<ReadonlyMap<string, string>> {
  const { clientCertificate: _, ...anonymous } = network;
  const { ca: __, ...trusting } = network;
  const { proxy: ___, ...direct } = network;
  const connection = { ...network, proxy: network.proxy.replace('through', 'past') };
  const strange = (registry: string, options = network) =>
    createRegistry({ registry, fetch: createTransport(options), retry: { maxRetries: 0 } }).ping();
  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    'a registry outside': () => strange('registry.example.com'),
    'past the proxy': () => open('build', createTransport(direct)).ping(),
    'with another account of the proxy': () => open('build', createTransport(connection)).ping(),
    'without a client certificate': () => open('build', createTransport(anonymous)).ping(),
    'without the own authority': () => open('build', createTransport(trusting)).ping(),
    'the build into production': () =>
      packArtifact(open('build').repository('production/net-monitor'), { artifactType: 'a/b' }),
    'Vault past the proxy': () => vaultSigner({ ...vault, token: 'none', fetch: createTransport(direct) }).describe(),
    'an OCSP responder that is not on the list': () =>
      verify(open('deploy').repository('production/net-monitor'), 'v1', trust(['ocsp.example.com'])),
  };
  const codes = new Map<string, string>();
  for (const [what, attempt] of Object.entries(attempts)) codes.set(what, await codeOf(attempt));
  return codes;
}

async function codeOf(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return 'worked';
  } catch (error) {
    if (isCodedError(error)) return error.code;
    throw error;
  }
}
