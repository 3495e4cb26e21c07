import { packArtifact } from '@notarykit/artifact-graph';
import { isCodedError, utf8 } from '@notarykit/common';
import { vaultSigner } from '@notarykit/kms-providers/vault';
import { createRegistry } from '@notarykit/registry-client';
import { copy, publish, verify } from 'notarykit';
import type { World } from './world.js';

/** The build pushes by digest and signs with a key that stays in Vault and has a certificate of the company's authority. */
export async function build({ open, vault }: World) {
  const layers = [{ mediaType: 'text/plain', content: utf8('net-monitor 1.0.0') }];
  const { artifact } = await publish(open('build').repository('staging/net-monitor'), {
    push: (repository) =>
      packArtifact(repository, { artifactType: 'application/vnd.wabbit.net-monitor', layers }).then(
        ({ descriptor }) => descriptor,
      ),
    sign: { signer: vaultSigner(vault) },
    tag: 'v1',
  });
  return artifact;
}

/** Within one registry, between two accounts: each side of the copy has its own. */
export async function deploy({ open, trust }: World) {
  const source = open('build').repository('staging/net-monitor');
  const target = open('deploy').repository('production/net-monitor');
  await copy(source, target, { reference: 'v1', verify: trust });
  return await verify(target, 'v1', trust);
}

/** What must not work, with the code that it ends in. */
export async function probe({ open, connection }: World): Promise<ReadonlyMap<string, string>> {
  const { clientCertificate: _, ...anonymous } = connection;
  const { ca: __, ...trusting } = connection;
  const outside = createRegistry({ registry: 'registry.example.com', connection, retry: { maxRetries: 0 } });
  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    'a registry outside': () => outside.ping(),
    'without a client certificate': () => open('build', anonymous).ping(),
    'without the own authority': () => open('build', trusting).ping(),
    'the build into production': () =>
      packArtifact(open('build').repository('production/net-monitor'), { artifactType: 'a/b' }),
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
