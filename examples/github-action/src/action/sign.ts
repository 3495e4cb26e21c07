import { vaultSigner } from '@notarykit/kms-providers/vault';
import { parseReference } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { dockerCredentials } from '@notarykit/registry-client/node';
import { sign } from 'notarykit';
import type { ActionContext } from './context.js';

/** Signs the artifact, and says with which run it was made. */
export async function signAction(context: ActionContext): Promise<void> {
  const { registry, repository, digest } = parseReference(context.required('reference'));
  // A tag may have moved since the build pushed it.
  if (digest === undefined) throw new Error('name the artifact by digest, such as registry.example.com/app@sha256:…');
  const client = createRegistry({ registry, credentials: credentialsOf(context) });
  const { artifact, signature } = await sign(client.repository(repository), digest, {
    signer: vaultSigner({
      address: context.required('vault-address'),
      token: context.secret('vault-token'),
      key: context.required('vault-key'),
      fetch,
    }),
    format: formatOf(context),
    metadata: context.run,
  });
  context.output('digest', artifact.digest);
  context.output('signature', signature.digest);
  context.info(`signed ${registry}/${repository}@${artifact.digest}: ${signature.digest}`);
}

/** The account of the inputs, else the one that a login action left in docker's configuration. */
function credentialsOf(context: ActionContext) {
  const username = context.input('username');
  return username === undefined ? dockerCredentials() : { username, password: context.secret('password') };
}

function formatOf(context: ActionContext): 'jws' | 'cose' {
  const format = context.input('format') ?? 'jws';
  if (format === 'jws' || format === 'cose') return format;
  throw new Error(`the input "format" is "jws" or "cose", found "${format}"`);
}
