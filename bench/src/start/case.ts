import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { openLayout } from '@notarykit/registry-client/node';
import { createAuthority } from '@notarykit/testing';
import { sign } from 'notarykit';
import { writeNotationTrust } from '../../../test/support/notation-trust.ts';

/** What both commands verify, as words after the name of the program, and the environment that both run in. */
export interface StartCase {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A signed artifact in an OCI layout, and the configuration of notation that trusts it. */
export async function makeStartCase(folder: string): Promise<StartCase> {
  const authority = await createAuthority();
  const { signer } = await authority.issueLeaf();
  const layout = join(folder, 'layout');
  const repository = await openLayout(layout, { create: true, name: 'local/bench' });
  const layers = [{ mediaType: 'text/plain', content: utf8('net-monitor 1.0.0') }];
  const { descriptor } = await packArtifact(repository, { artifactType: 'application/vnd.bench', layers });
  await sign(repository, descriptor.digest, { signer, manifestForm: 'legacy' });
  await writeNotationTrust(folder, authority.root.certificate);
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
