import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePem } from '@notarykit/pki';
import { createAuthority, serveAwsKms, serveGcpKms, serveKeyVault, serveVault } from '@notarykit/testing';
import { startCompany } from '../../../examples/private-network/src/steps/company.js';
import { accounts } from '../../../examples/private-network/src/steps/places.js';
import type { Desk } from './desk.js';
import type { Programs } from './programs.js';

/** What a guide finds on the machine of its reader: places that are elsewhere here, variables, services. */
export interface Setup {
  readonly env?: Readonly<Record<string, string>>;
  /** What the page says, and what it is here. */
  readonly replacements?: Readonly<Record<string, string>>;
  close?(): Promise<unknown>;
}

/** The setups of guides that need more than an empty folder. */
export const setups: Readonly<Record<string, (desk: Desk, programs: Programs) => Promise<Setup>>> = {
  containerd: containerdNode,
  'private-networks': company,
  'sign-in-ci': keyServices,
  'testing-your-tool': vitestFromSources,
};

/** Folders of root are below the desk, and `npm pack` gives the program as it is released. */
async function containerdNode({ folder }: Desk, programs: Programs): Promise<Setup> {
  const release = join(folder, 'package/dist');
  await mkdir(release, { recursive: true });
  await writeFile(
    join(release, 'notarykit-containerd-verifier.cjs'),
    `#!/usr/bin/env node\nimport(${JSON.stringify(programs.containerdVerifier)});\n`,
  );
  const root = join(folder, '..');
  return {
    env: { NOTARYKIT_CONTAINERD_VERIFIER: join(root, 'etc/notarykit/containerd-verifier') },
    replacements: { '/etc/notarykit': join(root, 'etc/notarykit'), '/opt/containerd': join(root, 'opt/containerd') },
  };
}

/** A proxy that leads to a registry with TLS, client certificates and accounts. */
async function company({ folder }: Desk): Promise<Setup> {
  const { proxy, client, ca, close } = await startCompany();
  const files = { 'ca.pem': ca, 'client.pem': client.pem, 'client.key': client.privateKeyPem };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o600 });
  return {
    env: {
      HTTPS_PROXY: proxy.url,
      NOTATION_USERNAME: accounts.build.username,
      NOTATION_PASSWORD: accounts.build.password,
    },
    close,
  };
}

/** Doubles of the services, all with the key `net-monitor`, and its certificates. */
async function keyServices({ folder }: Desk): Promise<Setup> {
  const authority = await createAuthority();
  const leaf = await authority.issueLeaf();
  const key = (name: string) => [{ name, versions: [leaf.keyPair] }];
  const google = 'projects/wabbit/locations/europe-west1/keyRings/release/cryptoKeys/net-monitor';
  const token = 'hvs.guide';
  const [aws, azure, gcp, vault] = await Promise.all([
    serveAwsKms(key('net-monitor')),
    serveKeyVault([{ name: 'net-monitor', versions: [leaf] }]),
    serveGcpKms(key(google)),
    serveVault(key('net-monitor'), { token }),
  ]);
  const files = {
    'chain.pem': leaf.pem,
    'issuers.pem': leaf.chain
      .slice(1)
      .map((der) => encodePem('CERTIFICATE', der))
      .join(''),
    'root.pem': authority.root.pem,
    'vault-ca.pem': azure.ca,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return {
    env: {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AZURE_TOKEN: azure.token,
      KEY_VAULT_URL: azure.url,
      NODE_EXTRA_CA_CERTS: join(folder, 'vault-ca.pem'),
      GOOGLE_TOKEN: 'example',
      KMS_ENDPOINT: gcp.url,
      VAULT_ADDR: vault.url,
      VAULT_TOKEN: token,
      TOKEN_PIN: '314159',
    },
    close: () => Promise.all([aws, azure, gcp, vault].map((double) => double.close())),
  };
}

/** vitest runs the page's files as they are; the packages come from their sources. */
async function vitestFromSources({ folder }: Desk): Promise<Setup> {
  const conditions = "['@notarykit/source', 'node', 'import', 'default']";
  await writeFile(
    join(folder, 'vitest.config.mjs'),
    `const conditions = ${conditions};
export default { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };\n`,
  );
  return {};
}
