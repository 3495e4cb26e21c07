import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { vaultSigner } from '@notarykit/kms-providers/vault';
import { copy, publish, verify } from 'notarykit';
import type { Setup } from './setup.js';

/** The build pushes by digest, signs with the key in Vault and has the signature timestamped. */
export async function build({ open, vault, timestamper, timestampRoots }: Setup) {
  const layers = [{ mediaType: 'text/plain', content: utf8('net-monitor 1.0.0') }];
  const { artifact } = await publish(open('build').repository('staging/net-monitor'), {
    push: (repository) =>
      packArtifact(repository, { artifactType: 'application/vnd.wabbit.net-monitor', layers }).then(
        ({ descriptor }) => descriptor,
      ),
    sign: { signer: vaultSigner(vault), timestamper, timestampRoots },
    tag: 'v1',
  });
  return artifact;
}

/** Within one registry, between two accounts: each side of the copy has its own. */
export async function deploy({ open, trust }: Setup) {
  const source = open('build').repository('staging/net-monitor');
  const target = open('deploy').repository('production/net-monitor');
  await copy(source, target, { reference: 'v1', verify: trust() });
  return await verify(target, 'v1', trust());
}
