import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { encodePem } from '@notarykit/pki';
import { openLayout } from '@notarykit/registry-client/node';
import { createAuthority } from '@notarykit/testing';
import { sign } from 'notarykit';

/** What both commands verify, as words after the name of the program, and the environment that both run in. */
export interface StartCase {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const policy = {
  version: '1.0',
  trustPolicies: [
    {
      name: 'bench',
      registryScopes: ['*'],
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:bench'],
      trustedIdentities: ['*'],
    },
  ],
};

/** A signed artifact in an OCI layout, and the configuration of notation that trusts it. */
export async function makeStartCase(folder: string): Promise<StartCase> {
  const authority = await createAuthority();
  const { signer } = await authority.issueLeaf();
  const layout = join(folder, 'layout');
  const repository = await openLayout(layout, { create: true, name: 'local/bench' });
  const layers = [{ mediaType: 'text/plain', content: utf8('net-monitor 1.0.0') }];
  const { descriptor } = await packArtifact(repository, { artifactType: 'application/vnd.bench', layers });
  await sign(repository, descriptor.digest, { signer, manifestForm: 'legacy' });
  const store = join(folder, 'truststore/x509/ca/bench');
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, 'root.pem'), encodePem('CERTIFICATE', authority.root.certificate));
  writeFileSync(join(folder, 'trustpolicy.json'), JSON.stringify(policy));
  return {
    words: ['verify', '--oci-layout', '--scope', 'local/bench', `${layout}@${descriptor.digest}`],
    env: {
      NOTATION_CONFIG: folder,
      NOTATION_LIBEXEC: folder,
      NOTATION_CACHE: join(folder, 'cache'),
      NOTATION_EXPERIMENTAL: '1',
      DOCKER_CONFIG: folder,
      HOME: folder,
      PATH: process.env['PATH'] ?? '',
    },
  };
}
